using System.Text;
using Capacitor.Ocpp.V16;
using Xunit;

namespace Capacitor.Ocpp.Tests;

public sealed class OcppFrameTests
{
    private static OcppFrame Read(string frame) => OcppFrame.Read(Encoding.UTF8.GetBytes(frame));

    private static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);

    [Fact]
    public void Read_Call_GivesItsParts()
    {
        var frame = Read("""[2,"19223201","BootNotification",{"chargePointVendor":"VendorX","chargePointModel":"SingleSocketCharger"}]""");

        Assert.True(frame.IsCall);
        Assert.Equal("19223201", frame.MessageId);
        Assert.Equal("BootNotification", frame.Action);
        Assert.Equal("""{"chargePointVendor":"VendorX","chargePointModel":"SingleSocketCharger"}""", Text(frame.Payload));
        Assert.False(frame.HasLongId);
    }

    [Fact]
    public void Read_KnownAction_IsTheOneString() =>
        Assert.All(Ocpp16Actions.All, action => Assert.Same(action, Read($$"""[2,"1","{{action}}",{}]""").Action));

    [Fact]
    public void Read_Payload_IsASliceOfTheFrame()
    {
        var bytes = Encoding.UTF8.GetBytes("""[2,"1","Authorize",{"idTag":"A"}]""");

        Assert.True(OcppFrame.Read(bytes).Payload.Span.Overlaps(bytes, out var offset));
        Assert.NotEqual(0, offset);
    }

    [Theory]
    [InlineData("""[2, "1" , "Heartbeat" , { } ]""", "{ }")]
    [InlineData("[2,\"1\",\"Heartbeat\",{}]\n", "{}")]
    [InlineData("[2,\"1\",\"Heartbeat\",{}]\r\n\0\0", "{}")]
    [InlineData("\uFEFF[2,\"1\",\"Heartbeat\",{}]", "{}")]
    [InlineData("\n [2,\"1\",\"Heartbeat\",{}]", "{}")]
    [InlineData("""[2,"1","Heartbeat",null]""", "{}")]
    [InlineData("""[2,"1","Heartbeat"]""", "{}")]
    [InlineData("""[2,"1","Heartbeat",{},"more",7]""", "{}")]
    [InlineData("""["2","1","Heartbeat",{}]""", "{}")]
    [InlineData("""[2,"1","\u0048eartbeat",{}]""", "{}")]
    public void Read_OddButPlainCall_IsTaken(string text, string payload)
    {
        var frame = Read(text);

        Assert.Equal(OcppFrameKind.Call, frame.Kind);
        Assert.Equal("1", frame.MessageId);
        Assert.Equal("Heartbeat", frame.Action);
        Assert.Equal(payload, Text(frame.Payload));
    }
}

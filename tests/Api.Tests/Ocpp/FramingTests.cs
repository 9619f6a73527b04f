using System.Net.WebSockets;
using System.Text;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.Api.Tests.Ocpp;

[Collection(EdgeCollection.Name)]
public sealed class FramingTests(EdgeFixture edge)
{
    private const int Limit = 262_144;

    [Fact]
    public async Task Frame_InManyFragments_IsOneMessage()
    {
        await using var charger = await edge.ConnectAsync();
        var frame = Encoding.UTF8.GetBytes("""[2,"f1","BootNotification",{"chargePointVendor":"Ü","chargePointModel":"M"}]""");
        for (var i = 0; i < frame.Length; i++)
        {
            await charger.SendRawAsync(frame.AsMemory(i, 1), WebSocketMessageType.Text, end: i == frame.Length - 1);
        }

        Assert.Equal("Accepted", (await charger.NextAnswerAsync()).Payload.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Frame_WithControlFramesBetweenFragments_IsOneMessage()
    {
        var id = await edge.AddChargerAsync();
        using var raw = await FakeChargerHandshake.SendAsync(edge.Server.BaseAddress, $"/ocpp/{id}");
        await raw.SendFrameAsync(0x01, "[2,\"f2\","u8.ToArray());
        await raw.SendFrameAsync(0x89, "ping"u8.ToArray());
        await raw.SendFrameAsync(0x80, "\"Heartbeat\",{}]"u8.ToArray());
        var pong = await raw.ReadFrameAsync();
        var answer = await raw.ReadFrameAsync();
        Assert.Equal(0x8A, pong!.Value.FirstByte);
        Assert.Equal("ping", Encoding.UTF8.GetString(pong.Value.Payload));
        Assert.Equal(0x81, answer!.Value.FirstByte);
        Assert.StartsWith("[3,\"f2\",{", Encoding.UTF8.GetString(answer.Value.Payload), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(Limit)]
    public async Task Frame_UpToTheLimit_IsAnswered(int length)
    {
        await using var charger = await edge.ConnectAsync();
        await charger.SendRawAsync(FrameOf(length));
        Assert.False((await charger.NextAnswerAsync()).IsError);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Frame_OverTheLimit_Closes1009(bool inFragments)
    {
        await using var charger = await edge.ConnectAsync();
        var frame = Encoding.UTF8.GetBytes(FrameOf(Limit + 1));
        if (inFragments)
        {
            await charger.SendRawAsync(frame.AsMemory(0, Limit), WebSocketMessageType.Text, end: false);
            await charger.SendRawAsync(frame.AsMemory(Limit), WebSocketMessageType.Text);
        }
        else
        {
            await charger.SendRawAsync(frame, WebSocketMessageType.Text);
        }

        Assert.Equal(WebSocketCloseStatus.MessageTooBig, (await charger.WaitForCloseAsync()).Status);
    }

    [Fact]
    public async Task Frame_ReservedBitSet_Closes1002AndLeavesOthersAlone()
    {
        await using var other = await edge.ConnectAsync();
        using var raw = await FakeChargerHandshake.SendAsync(edge.Server.BaseAddress, $"/ocpp/{await edge.AddChargerAsync()}");
        await raw.SendFrameAsync(0xF1, "[2,\"1\",\"Heartbeat\",{}]"u8.ToArray());
        Assert.Equal(WebSocketCloseStatus.ProtocolError, (await HandshakeTests.ReadCloseAsync(raw)).Status);
        Assert.False((await other.CallAsync("Heartbeat")).IsError);
    }

    private static string FrameOf(int length)
    {
        const string Head = "[2,\"big\",\"DataTransfer\",{\"vendorId\":\"v\",\"data\":\"";
        const string Tail = "\"}]";
        return Head + new string('x', length - Head.Length - Tail.Length) + Tail;
    }
}

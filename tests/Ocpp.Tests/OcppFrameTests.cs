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
    public void Read_UnknownAction_IsHandedOn() => Assert.Equal("MakeCoffee", Read("""[2,"1","MakeCoffee",{}]""").Action);

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
    [InlineData("""[2,"1","Heartbeat",{},"more",7]""", "{}")]
    [InlineData("""["2","1","Heartbeat",{}]""", "{}")]
    [InlineData("""[2,"1","\u0048eartbeat",{}]""", "{}")]
    [InlineData("""[2,"\u0031","Heartbeat",{}]""", "{}")]
    public void Read_OddButPlainCall_IsTaken(string text, string payload)
    {
        var frame = Read(text);

        Assert.Equal(OcppFrameKind.Call, frame.Kind);
        Assert.Equal("1", frame.MessageId);
        Assert.Equal("Heartbeat", frame.Action);
        Assert.Equal(payload, Text(frame.Payload));
    }

    [Theory]
    [InlineData(36, false)]
    [InlineData(37, true)]
    [InlineData(255, true)]
    public void Read_LongMessageId_IsPutUpWith(int length, bool isLong)
    {
        var frame = Read($$"""[2,"{{new string('x', length)}}","Heartbeat",{}]""");

        Assert.Equal(OcppFrameKind.Call, frame.Kind);
        Assert.Equal(isLong, frame.HasLongId);
    }

    [Theory]
    [InlineData("""[2,12345,"Heartbeat",{}]""", "12345", "ProtocolError")]
    [InlineData("""[2,"","Heartbeat",{}]""", "", "ProtocolError")]
    [InlineData("""[2,"1","Heartbeat",[]]""", "1", "FormationViolation")]
    [InlineData("""[2,"1","Heartbeat","text"]""", "1", "FormationViolation")]
    [InlineData("""[2,"1","Heartbeat",7]""", "1", "FormationViolation")]
    [InlineData("""[2,"1"]""", "1", "FormationViolation")]
    [InlineData("""[2,"1","Heartbeat"]""", "1", "ProtocolError")]
    [InlineData("""[2,"1",null,{}]""", "1", "FormationViolation")]
    [InlineData("""[2,"1","",{}]""", "1", "FormationViolation")]
    [InlineData("""[2,"1",{}]""", "1", "FormationViolation")]
    public void Read_CallWithIdAndFault_CanBeAnswered(string text, string id, string code)
    {
        var frame = Read(text);

        Assert.Equal(OcppFrameKind.BadCall, frame.Kind);
        Assert.Equal(id, frame.MessageId);
        Assert.Equal(code, frame.ErrorCode);
        Assert.NotEmpty(frame.ErrorDescription!);
    }

    [Theory]
    [InlineData("StartTransaction")]
    [InlineData("StopTransaction")]
    [InlineData("MeterValues")]
    public void Read_OddMessageIdOfATransactionMessage_IsACall(string action)
    {
        var numeric = Read($$"""[2,17,"{{action}}",{}]""");
        var empty = Read($$"""[2,"","{{action}}",{}]""");

        Assert.Equal((OcppFrameKind.Call, "17", true), (numeric.Kind, numeric.MessageId, numeric.HasNumericId));
        Assert.Equal((OcppFrameKind.Call, "", false), (empty.Kind, empty.MessageId, empty.HasNumericId));
    }

    [Fact]
    public void Read_FarTooLongMessageId_CanBeAnswered() =>
        Assert.Equal(("ProtocolError", 256), (Read($$"""[2,"{{new string('x', 256)}}","Heartbeat",{}]""") is var frame ? frame.ErrorCode : "", frame.MessageId!.Length));

    [Fact]
    public void Read_PayloadNestedWithoutEnd_CanBeAnswered() =>
        Assert.Equal(OcppFrameKind.BadCall, Read($$"""[2,"1","DataTransfer",{"data":{{new string('[', 100_000)}}]""").Kind);

    [Theory]
    [InlineData("""[2,"1","StatusNotification",{"transactionId":,"connectorId":1}]""")]
    [InlineData("""[2,"1","StatusNotification",{,"connectorId":1}]""")]
    [InlineData("""[2,"1","StatusNotification",{"connectorId":1,"er""")]
    [InlineData("""[2,"1","Heartbeat",{}]]""")]
    [InlineData("""[2,"1","Heartbeat",{}][2,"2","Heartbeat",{}]""")]
    [InlineData("""[2,"1","Heartbeat",{"a":NaN}]""")]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\0\0")]
    [InlineData("\uFEFF")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("42")]
    [InlineData("}{not json at all!!")]
    [InlineData(",[2,\"1\",\"Heartbeat\",{}]")]
    [InlineData("[2")]
    [InlineData("[2,\"1")]
    [InlineData("[2]")]
    [InlineData("[,\"1\",\"Heartbeat\",{}]")]
    [InlineData("[null,\"1\",\"Heartbeat\",{}]")]
    [InlineData("[\"two\",\"1\",\"Heartbeat\",{}]")]
    [InlineData("[2.5,\"1\",\"Heartbeat\",{}]")]
    [InlineData("[2,null,\"Heartbeat\",{}]")]
    [InlineData("[2,true,\"Heartbeat\",{}]")]
    [InlineData("[2,{},\"Heartbeat\",{}]")]
    [InlineData("[3]")]
    [InlineData("[4,null,\"GenericError\",\"\",{}]")]
    [InlineData("[4,\"1\",\"GenericError\"")]
    [InlineData("[99,\"1\",")]
    public void Read_NoFrameOrNoId_IsUnreadable(string text)
    {
        var frame = Read(text);

        Assert.Equal(OcppFrameKind.Unreadable, frame.Kind);
        Assert.NotEmpty(frame.ErrorDescription!);
    }

    [Theory]
    [InlineData("""[5,"1","GenericError","",{}]""")]
    [InlineData("""[6,"1","NotifyPeriodicEventStream",{}]""")]
    [InlineData("""[99,"1","Foo",{}]""")]
    [InlineData("""[0]""")]
    [InlineData("""[-1,null]""")]
    public void Read_OtherMessageType_IsToldApart(string text) => Assert.Equal(OcppFrameKind.UnknownType, Read(text).Kind);

    [Theory]
    [InlineData("""[3,"7",{"status":"Accepted"}]""", """{"status":"Accepted"}""")]
    [InlineData("""[3,"7",null]""", "{}")]
    [InlineData("""[3,"7"]""", "{}")]
    [InlineData("""[3,7,{}]""", "{}")]
    public void Read_CallResult_GivesIdAndPayload(string text, string payload)
    {
        var frame = Read(text);

        Assert.Equal(OcppFrameKind.CallResult, frame.Kind);
        Assert.Equal("7", frame.MessageId);
        Assert.Equal(payload, Text(frame.Payload));
    }

    [Theory]
    [InlineData("""[3,"7","Accepted"]""")]
    [InlineData("""[3,"7",{"status":}]""")]
    [InlineData("""[3,"7",{"status":"Acc""")]
    public void Read_CallResultWithFault_EndsTheCallItAnswers(string text)
    {
        var frame = Read(text);

        Assert.Equal(OcppFrameKind.BadCallResult, frame.Kind);
        Assert.Equal("7", frame.MessageId);
        Assert.Equal("FormationViolation", frame.ErrorCode);
    }

    [Theory]
    [InlineData("""[4,"7","NotSupported","no",{"a":1}]""", "NotSupported", "no", """{"a":1}""")]
    [InlineData("""[4,"7","NotSupported","no",null]""", "NotSupported", "no", "{}")]
    [InlineData("""[4,"7","NotSupported","no",""]""", "NotSupported", "no", "{}")]
    [InlineData("""[4,"7","NotSupported","no"]""", "NotSupported", "no", "{}")]
    [InlineData("""[4,"7","NotSupported"]""", "NotSupported", "", "{}")]
    [InlineData("""[4,"7"]""", "GenericError", "", "{}")]
    [InlineData("""[4,"7","",null,{}]""", "GenericError", "", "{}")]
    [InlineData("""[4,"7",{},[],{}]""", "GenericError", "", "{}")]
    [InlineData("""[4,"7","OccurrenceConstraintViolation","",{}]""", "OccurrenceConstraintViolation", "", "{}")]
    public void Read_CallError_IsTakenHoweverShort(string text, string code, string description, string details)
    {
        var frame = Read(text);

        Assert.Equal(OcppFrameKind.CallError, frame.Kind);
        Assert.Equal("7", frame.MessageId);
        Assert.Equal(code, frame.ErrorCode);
        Assert.Equal(description, frame.ErrorDescription);
        Assert.Equal(details, Text(frame.ErrorDetails));
    }

    [Fact]
    public void Read_BrokenUtf8InId_IsReplaced() =>
        Assert.Equal("a\uFFFD", OcppFrame.Read((byte[])[.. "[2,\"a"u8, 0xFF, .. "\",\"Heartbeat\",{}]"u8]).MessageId);

    [Fact]
    public void Read_LoneSurrogateInId_IsReplaced() => Assert.Equal("a\uFFFD\n", Read("""[2,"a\ud800\n","Heartbeat",{}]""").MessageId);
}

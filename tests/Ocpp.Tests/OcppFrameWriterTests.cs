using System.Buffers;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Capacitor.Ocpp.Tests;

public sealed class OcppFrameWriterTests
{
    private static string Write(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    [Fact]
    public void WriteCall_Payload_IsCopiedAsItIs() => Assert.Equal(
        """[2,"c1","Reset",{ "type" : "Soft" }]""",
        Write(output => OcppFrameWriter.WriteCall(output, "c1", "Reset", """{ "type" : "Soft" }"""u8)));

    [Fact]
    public void WriteCallResult_NoPayload_IsAnEmptyObject() =>
        Assert.Equal("""[3,"19223201",{}]""", Write(output => OcppFrameWriter.WriteCallResult(output, "19223201", default)));

    [Fact]
    public void WriteCallError_NoDescription_StillHasFiveElements() =>
        Assert.Equal("""[4,"1","NotImplemented","",{}]""", Write(output => OcppFrameWriter.WriteCallError(output, "1", Ocpp16ErrorCodes.NotImplemented, null)));

    [Theory]
    [InlineData("a\"b\\c\n\u0001")]
    [InlineData("Säule 7 – 充电")]
    [InlineData("🔌")]
    [InlineData("</script>&+'")]
    public void WriteCallResult_AnyId_ComesBackTheSame(string id)
    {
        var text = Write(output => OcppFrameWriter.WriteCallResult(output, id, "{}"u8));

        using var json = JsonDocument.Parse(text);
        Assert.Equal(id, json.RootElement[1].GetString());
        Assert.Equal(id, OcppFrame.Read(Encoding.UTF8.GetBytes(text)).MessageId);
    }

    [Fact]
    public void WriteCallResult_LoneSurrogate_IsReplaced() =>
        Assert.Equal("[3,\"a\uFFFD\",{}]", Write(output => OcppFrameWriter.WriteCallResult(output, "a\uD800", "{}"u8)));

    [Theory]
    [InlineData("17")]
    [InlineData("-1.50e3")]
    public void WriteCallResult_NumericId_NamesTheNumberAsItCame(string id) =>
        Assert.Equal($"[3,{id},{{}}]", Write(output => OcppFrameWriter.WriteCallResult(output, id, default, hasNumericId: true)));

    [Fact]
    public void WriteCallError_LongDescription_IsCutBetweenCharacters()
    {
        var description = new string('x', 254) + "🔌🔌";

        Assert.Equal(
            $$"""[4,"1","GenericError","{{new string('x', 254)}}",{}]""",
            Write(output => OcppFrameWriter.WriteCallError(output, "1", "GenericError", description)));
    }

    [Theory]
    [InlineData("""[2,12345,"Heartbeat",{}]""", "[4,12345,\"ProtocolError\",")]
    [InlineData("""[2,"","Heartbeat",{}]""", "[4,\"\",\"ProtocolError\",")]
    [InlineData("""[2,"a\"b","Heartbeat",7]""", "[4,\"a\\\"b\",\"FormationViolation\",")]
    public void WriteCallError_BadCall_NamesTheIdAsItCame(string call, string start)
    {
        var frame = OcppFrame.Read(Encoding.UTF8.GetBytes(call));

        Assert.StartsWith(start, Write(output => OcppFrameWriter.WriteCallError(output, frame)), StringComparison.Ordinal);
    }

    [Fact]
    public void ErrorCodes_Spellings_AreTheDocuments() => Assert.Equal(
        ["FormationViolation", "GenericError", "InternalError", "NotImplemented", "NotSupported", "OccurenceConstraintViolation", "PropertyConstraintViolation",
            "ProtocolError", "SecurityError", "TypeConstraintViolation"],
        typeof(Ocpp16ErrorCodes).GetFields().Select(code => (string)code.GetRawConstantValue()!).Order(StringComparer.Ordinal));
}

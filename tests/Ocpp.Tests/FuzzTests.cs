using System.Buffers;
using System.Text;
using System.Text.Json;
using Capacitor.Ocpp.Payloads;
using Capacitor.Ocpp.Tests.Schemas;
using Capacitor.Ocpp.V16;
using Xunit;

namespace Capacitor.Ocpp.Tests;

/// <summary>Nothing a charger sends may throw; the seeds are fixed, so a failure can be repeated.</summary>
public sealed class FuzzTests
{
    private const int Rounds = 20_000;

    private static readonly string[] Snippets =
        ["null", "true", "\"\"", "{}", "[]", "-1", "1e999", "1E-7", "\\ud800", "\\u0000", "\"", "\\", ",", ":", "[", "]", "{", "}", "2", "\u0000", "\uFEFF", "99999999999999999999", "🔌"];

    private static readonly byte[][] Frames = [.. MessageCases.All.Select((message, i) => Encoding.UTF8.GetBytes(
        message.Schema.EndsWith("Response", StringComparison.Ordinal) ? $"[3,\"{i}\",{message.Sample}]" : $"[2,\"{i}\",\"{message.Schema}\",{message.Sample}]"))];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Read_MutatedFrames_NeverThrowAndCallsStayAnswerable(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            AssertSound(Mutate(random, Frames[random.Next(Frames.Length)]));
        }
    }

    [Fact]
    public void Read_RandomBytes_NeverThrow()
    {
        var random = new Random(3);
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            AssertSound(bytes);
        }
    }

    [Fact]
    public void Read_RandomTokens_NeverThrow()
    {
        var random = new Random(4);
        for (var round = 0; round < Rounds; round++)
        {
            var tokens = Enumerable.Range(0, random.Next(12)).Select(_ => Snippets[random.Next(Snippets.Length)]);
            AssertSound(Encoding.UTF8.GetBytes("[2,\"1\"," + string.Join(random.Next(2) == 0 ? "," : "", tokens) + "]"));
        }
    }

    [Fact]
    public void Read_MutatedPayloads_NeverThrow()
    {
        var random = new Random(5);
        for (var round = 0; round < Rounds; round++)
        {
            var message = MessageCases.All[random.Next(MessageCases.All.Count)];
            ReadAll(Mutate(random, Encoding.UTF8.GetBytes(message.Sample)));
        }
    }

    private static void AssertSound(byte[] bytes)
    {
        var frame = OcppFrame.Read(bytes);
        switch (frame.Kind)
        {
            case OcppFrameKind.Call:
                Assert.False(string.IsNullOrEmpty(frame.MessageId));
                Assert.NotNull(frame.Action);
                ReadAll(frame.Payload.Span);
                AssertWritten(output => OcppFrameWriter.WriteCallResult(output, frame.MessageId, "{}"u8), frame.MessageId);
                break;
            case OcppFrameKind.CallResult:
                ReadAll(frame.Payload.Span);
                break;
            case OcppFrameKind.BadCall:
                AssertWritten(output => OcppFrameWriter.WriteCallError(output, frame), frame.MessageId);
                break;
            default:
                break;
        }
    }

    private static void AssertWritten(Action<IBufferWriter<byte>> write, string? id)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        using var json = JsonDocument.Parse(output.WrittenMemory);
        var written = json.RootElement[1];
        Assert.Equal(id, written.ValueKind == JsonValueKind.Number ? written.GetRawText() : written.GetString());
    }

    private static void ReadAll(ReadOnlySpan<byte> payload)
    {
        var start = Ocpp16Reader.Read<StartTransactionRequest>(payload);
        Assert.True(start.IsUsable || start.Violation.Code == Ocpp16ErrorCodes.FormationViolation);
        var stop = Ocpp16Reader.Read<StopTransactionRequest>(payload);
        Assert.Equal(start.IsUsable, stop.IsUsable);
        var meter = Ocpp16Reader.Read<MeterValuesRequest>(payload);
        Assert.Equal(start.IsUsable, meter.IsUsable);
        _ = MeterSamples.Read(meter.Value?.MeterValue);
        _ = MeterSamples.Read(stop.Value?.TransactionData);

        AssertWritable(meter);
        AssertWritable(stop);
        AssertWritable(Ocpp16Reader.Read<BootNotificationRequest>(payload));
        AssertWritable(Ocpp16Reader.Read<StatusNotificationRequest>(payload));
        AssertWritable(Ocpp16Reader.Read<AuthorizeResponse>(payload));
        AssertWritable(Ocpp16Reader.Read<DataTransferRequest>(payload));
        AssertWritable(Ocpp16Reader.Read<RemoteStartTransactionRequest>(payload));
        AssertWritable(Ocpp16Reader.Read<SecurityEventNotificationRequest>(payload));
        AssertWritable(Ocpp16Reader.Read<GetConfigurationResponse>(payload));

        var bytes = payload.ToArray();
        var command = Ocpp16Commands.All[bytes.Length % Ocpp16Commands.All.Count];
        var request = command.Check(bytes);
        Assert.NotEqual(request.IsValid, request.Payload.IsEmpty);
        using var answer = JsonDocument.Parse(command.ReadAnswer(bytes).Payload);
        Assert.Equal(JsonValueKind.Object, answer.RootElement.ValueKind);
        _ = Ocpp16Secrets.Redact(null, bytes);
    }

    private static void AssertWritable<T>(Reading<T> reading)
        where T : class, IPayload<T>
    {
        if (reading.IsUsable)
        {
            Assert.True(Ocpp16Reader.Read<T>(Ocpp16Writer.Serialize(reading.Value)).IsUsable || typeof(T) != typeof(MeterValuesRequest));
        }
        else
        {
            Assert.NotEmpty(reading.Violation.Description);
        }
    }

    private static byte[] Mutate(Random random, byte[] source)
    {
        var bytes = source.ToList();
        for (var times = random.Next(1, 5); times > 0; times--)
        {
            var at = random.Next(bytes.Count + 1);
            var length = Math.Min(random.Next(1, 12), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0: bytes.RemoveRange(at, length); break;
                case 1: bytes.InsertRange(at, Encoding.UTF8.GetBytes(Snippets[random.Next(Snippets.Length)])); break;
                case 2: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                case 3: bytes.Insert(at, (byte)random.Next(256)); break;
                case 4: bytes.RemoveRange(at, bytes.Count - at); break;
                default: ReplaceValue(random, bytes); break;
            }
        }

        return [.. bytes];
    }

    // Swaps a value behind a colon for another, so that the frame stays whole and the payload turns odd.
    private static void ReplaceValue(Random random, List<byte> bytes)
    {
        var colon = bytes.IndexOf((byte)':', random.Next(bytes.Count + 1));
        var end = colon < 0 ? -1 : bytes.FindIndex(colon, value => value is (byte)',' or (byte)'}');
        if (end > 0)
        {
            bytes.RemoveRange(colon + 1, end - colon - 1);
            bytes.InsertRange(colon + 1, Encoding.UTF8.GetBytes(Snippets[random.Next(8)]));
        }
    }
}

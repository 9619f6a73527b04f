using System.Net.WebSockets;
using System.Text;
using Capacitor.Ocpp;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.Api.Tests.Ocpp;

/// <summary>Random and broken frames, the same in every run: whatever comes, each readable CALL gets one answer and everything else goes on.</summary>
[Collection(EdgeCollection.Name)]
public sealed class FuzzTests(EdgeFixture edge)
{
    private const int Seed = 20260206;
    private const int Sockets = 16;
    private const int FramesPerSocket = 150;

    private static readonly string[] Seeds =
    [
        """[2,"{0}","BootNotification",{"chargePointVendor":"V","chargePointModel":"M"}]""",
        """[2,"{0}","Heartbeat",{}]""",
        """[2,"{0}","StatusNotification",{"connectorId":1,"status":"Available","errorCode":"NoError","timestamp":"2026-02-06T14:30:00Z"}]""",
        """[2,"{0}","Authorize",{"idTag":"TAG"}]""",
        """[2,"{0}","StartTransaction",{"connectorId":1,"idTag":"TAG","meterStart":100,"timestamp":"2026-02-06T14:30:00Z"}]""",
        """[2,"{0}","StopTransaction",{"transactionId":1,"meterStop":900,"timestamp":"2026-02-06T15:30:00Z"}]""",
        """[2,"{0}","MeterValues",{"connectorId":1,"meterValue":[{"timestamp":"2026-02-06T14:31:00Z","sampledValue":[{"value":"150","unit":"Wh"}]}]}]""",
        """[2,"{0}","DataTransfer",{"vendorId":"v","data":"\u0041\\\""}]""",
        """[3,"{0}",{"status":"Accepted"}]""",
        """[4,"{0}","GenericError","",{}]""",
        """[9,"{0}",{}]""",
    ];

    [Fact]
    public async Task Frames_RandomAndMutated_EachReadableCallGetsOneAnswer()
    {
        await using var witness = await edge.ConnectAsync();
        await Task.WhenAll(Enumerable.Range(0, Sockets).Select(n => RunAsync(new Random(Seed + n), n)));
        Assert.False((await witness.CallAsync("Heartbeat")).IsError);
    }

    [Fact]
    public async Task Bytes_RandomUnderTheWebSocket_HurtNobodyElse()
    {
        await using var witness = await edge.ConnectAsync();
        var random = new Random(Seed);
        for (var i = 0; i < 40; i++)
        {
            using var raw = await FakeChargerHandshake.SendAsync(edge.Server.BaseAddress, $"/ocpp/{await edge.AddChargerAsync()}");
            var bytes = new byte[random.Next(1, 400)];
            random.NextBytes(bytes);
            await raw.Stream.WriteAsync(bytes);
        }

        Assert.False((await witness.CallAsync("Heartbeat")).IsError);
    }

    private async Task RunAsync(Random random, int socket)
    {
        await using var charger = await edge.ConnectAsync();
        var expected = new List<string>();
        for (var i = 0; i < FramesPerSocket; i++)
        {
            var frame = Make(random, $"{socket}-{i}");
            if (AnswerableId(frame) is { } id)
            {
                expected.Add(id);
            }

            var type = IsText(frame) && random.Next(4) > 0 ? WebSocketMessageType.Text : WebSocketMessageType.Binary;
            var split = random.Next(3) == 0 ? random.Next(frame.Length + 1) : frame.Length;
            if (split < frame.Length)
            {
                await charger.SendRawAsync(frame.AsMemory(0, split), type, end: false);
            }

            await charger.SendRawAsync(frame.AsMemory(split == frame.Length ? 0 : split), type);
        }

        // Answers come in order, so what precedes the last one is complete.
        await charger.SendRawAsync("""[2,"the-end","Heartbeat",{}]""");
        expected.Add("the-end");
        foreach (var id in expected)
        {
            Assert.Equal(id, (await charger.NextAnswerAsync()).MessageId);
        }
    }

    private static byte[] Make(Random random, string id)
    {
        var frame = Encoding.UTF8.GetBytes(Seeds[random.Next(Seeds.Length)].Replace("{0}", id, StringComparison.Ordinal));
        switch (random.Next(6))
        {
            case 0:
                return frame;
            case 1:
                return frame[..random.Next(frame.Length)];
            case 2:
                return [.. frame, .. frame[random.Next(frame.Length)..]];
            case 3:
                random.NextBytes(frame);
                return frame;
            default:
                for (var flips = random.Next(1, 4); flips > 0; flips--)
                {
                    frame[random.Next(frame.Length)] = (byte)"\"[]{},:0-ax\0é"[random.Next(12)];
                }

                return frame;
        }
    }

    private static string? AnswerableId(byte[] frame)
    {
        var read = OcppFrame.Read(frame);
        return read.Kind is OcppFrameKind.Call or OcppFrameKind.BadCall ? read.MessageId : null;
    }

    private static bool IsText(byte[] frame) => System.Text.Unicode.Utf8.IsValid(frame);
}

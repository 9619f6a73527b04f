using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Tenants;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.Api.Tests.Ocpp;

/// <summary>What real chargers get wrong, by number: the literal frame, and what comes of it. This part: handshakes, frames and commands.</summary>
[Collection(EdgeCollection.Name)]
public sealed partial class QuirkTests(EdgeFixture edge)
{
    [Fact]
    public async Task Quirk01_NoSubProtocol_ServedWhenOneIsAssumed()
    {
        var id = await edge.AddChargerAsync(assumeProtocol: "ocpp1.6");
        using var handshake = await FakeChargerHandshake.SendAsync(edge.Server.BaseAddress, $"/ocpp/{id}", Headers(("Sec-WebSocket-Protocol", null)));
        await handshake.SendFrameAsync(0x81, """[2,"1","Heartbeat",{}]"""u8.ToArray());
        Assert.StartsWith("[3,\"1\",", Encoding.UTF8.GetString((await handshake.ReadFrameAsync())!.Value.Payload), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quirk02_VersionFlaps_IsJudgedByEachConnection()
    {
        var id = await edge.AddChargerAsync();
        for (var i = 0; i < 2; i++)
        {
            await using var newer = await FakeCharger.ConnectAsync(edge.Url, id, protocols: [], headers: new Dictionary<string, string> { ["X-Firmware"] = "2" });
            Assert.Equal(WebSocketCloseStatus.ProtocolError, (await newer.WaitForCloseAsync()).Status);
            await using var older = await edge.ConnectAsync(id);
            Assert.False((await older.CallAsync("Heartbeat")).IsError);
        }
    }

    [Theory]
    [InlineData(null, 400)]
    [InlineData("keep-alive", 400)]
    [InlineData("upgrade", 101)]
    [InlineData("keep-alive, UPGRADE", 101)]
    public async Task Quirk03_ConnectionHeader_MissingIsToldOddCaseIsFine(string? connection, int status)
    {
        var id = await edge.AddChargerAsync();
        using var handshake = await FakeChargerHandshake.SendAsync(edge.Server.BaseAddress, $"/ocpp/{id}", Headers(("Connection", connection)));
        Assert.Equal(status, handshake.Status);
        Assert.Equal(status == 400, handshake.Body.Contains("Connection: Upgrade", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/ocpp/q4-%C3%A9-x", 404)]
    [InlineData("/ocpp//Q4 ID/", 400)]
    [InlineData("/ocpp//q4%20id/", 101)]
    [InlineData("/ocpp/Q4%20ID?", 101)]
    public async Task Quirk04_IdInAnyCaseWithSlashesAndEncoding_IsFound(string target, int status)
    {
        using var registered = await edge.Server.Http.PostAsJsonAsync("/api/v1/chargers", new { chargeBoxId = "Q4 Id" }); // by the first of these
        using var handshake = await FakeChargerHandshake.SendAsync(edge.Server.BaseAddress, target);
        Assert.Equal(status, handshake.Status);
    }

    [Fact]
    public async Task Quirk05_PasswordAsTextOfHexAndColonInTheUser_IsLetIn()
    {
        const string Key = "00112233445566778899aabbccddeeff00112233";
        var id = await edge.AddChargerAsync("Q5:with:colons", password: Key);
        await using var text = await FakeCharger.ConnectAsync(edge.Url, id, Key.ToUpperInvariant());
        byte[] basic = [.. Encoding.ASCII.GetBytes(id + ":"), .. Convert.FromHexString(Key)];
        using var bytes = await FakeChargerHandshake.SendAsync(
            edge.Server.BaseAddress, $"/ocpp/{Uri.EscapeDataString(id)}", Headers(("Authorization", "Basic " + Convert.ToBase64String(basic))));
        Assert.Equal(101, bytes.Status);
    }

    [Theory]
    [InlineData("""[2,"q6","MeterValues",{"connectorId":1,"transactionId":,"meterValue":[]}]""")]
    [InlineData("""[2,"q6","StatusNotification",{"connectorId":1,"sta""")]
    [InlineData("""[2,"q6","Heartbeat",""")]
    [InlineData(""",[2,"q6","Heartbeat",{}]""")]
    [InlineData("""[2,"q6""")]
    [InlineData("""{"q6":1}""")]
    [InlineData("""not json""")]
    public async Task Quirk06_InvalidJson_IsIgnoredAndTheSocketStays(string frame)
    {
        await using var charger = await edge.ConnectAsync();
        await charger.SendRawAsync(frame);
        await charger.SendRawAsync("""[2,"after","Heartbeat",{}]""");

        Assert.Equal("after", (await charger.NextAnswerAsync()).MessageId);
    }

    [Fact]
    public async Task Quirk07_PayloadNull_IsAnEmptyOne()
    {
        await using var charger = await edge.ConnectAsync();
        await charger.SendRawAsync("""[2,"q7","Heartbeat",null]""");
        Assert.False((await charger.NextAnswerAsync()).IsError);
    }

    [Fact]
    public async Task Quirk08_EmptyBinaryAndPaddedFrames_AreReadAllTheSame()
    {
        await using var charger = await edge.ConnectAsync();
        await charger.SendRawAsync("");
        await charger.SendRawAsync(ReadOnlyMemory<byte>.Empty, WebSocketMessageType.Binary);
        await charger.SendRawAsync("\n");
        await charger.SendRawAsync("""[2,"q8-1","Heartbeat",{}]"""u8.ToArray(), WebSocketMessageType.Binary);
        await charger.SendRawAsync("\r\n[2,\"q8-2\",\"Heartbeat\",{}]\r\n\0");
        Assert.Equal("q8-1", (await charger.NextAnswerAsync()).MessageId);
        Assert.Equal("q8-2", (await charger.NextAnswerAsync()).MessageId);
    }

    [Theory]
    [InlineData("""[4,"{0}","NotSupported","no"]""")]
    [InlineData("""[4,"{0}","NotSupported",null,null]""")]
    [InlineData("""[4,"{0}","NotSupported"]""")]
    public async Task Quirk09_CallErrorCutShort_EndsTheCommand(string frame)
    {
        var id = await edge.AddChargerAsync();
        await using var charger = await edge.ConnectAsync(id);
        var reset = ResetAsync(id);
        await charger.SendRawAsync(frame.Replace("{0}", (await charger.NextCallAsync()).MessageId, StringComparison.Ordinal));
        using var answer = await reset;
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("NotSupported", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quirk19_BootLoopWhenConfigured_NothingIsPushedAfterABoot()
    {
        await using var charger = await edge.ConnectAsync();
        await charger.CallAsync("BootNotification", """{"chargePointVendor":"ABB","chargePointModel":"Terra"}""");
        await charger.CallAsync("StatusNotification", """{"connectorId":1,"status":"Available","errorCode":"NoError"}""");
        await charger.CloseAsync();
        var frames = new List<string>();
        await foreach (var frame in charger.Frames.ReadAllAsync())
        {
            frames.Add(frame);
        }

        Assert.All(frames, frame => Assert.StartsWith("[3,", frame, StringComparison.Ordinal));
        Assert.Equal(2, frames.Count);
    }

    [Fact]
    public async Task Quirk27_NeverClosesItsSide_IsCut()
    {
        var id = await edge.AddChargerAsync();
        using var old = await FakeChargerHandshake.SendAsync(edge.Server.BaseAddress, $"/ocpp/{id}");
        await edge.Grains.WaitForAsync(id, "AttachAsync");
        await using var current = await edge.ConnectAsync(id);
        Assert.Equal(0x88, (await old.ReadFrameAsync())!.Value.FirstByte);
        await Assert.ThrowsAnyAsync<Exception>(async () => Assert.NotNull(await old.ReadFrameAsync()));
    }

    [Fact]
    public async Task Quirk28_OverwhelmedByCommands_GetsOneAtATime()
    {
        const int Commands = 5;
        var id = await edge.AddChargerAsync();
        await using var charger = await edge.ConnectAsync(id);
        var resets = Enumerable.Range(0, Commands).Select(_ => ResetAsync(id)).ToArray();
        var received = 0;
        for (var i = 1; i <= Commands; i++)
        {
            var command = await charger.NextCallAsync();
            await charger.CallAsync("Heartbeat");
            while (charger.Frames.TryRead(out var frame))
            {
                received += frame.StartsWith("[2,", StringComparison.Ordinal) ? 1 : 0;
            }

            Assert.Equal(i, received);
            await charger.AnswerAsync(command, """{"status":"Accepted"}""");
        }

        foreach (var answer in await Task.WhenAll(resets))
        {
            Assert.True(answer.IsSuccessStatusCode);
            answer.Dispose();
        }
    }

    [Fact]
    public async Task Quirk30_MessageIdsFromZeroAfterAReboot_AreNew()
    {
        var id = await edge.AddChargerAsync();
        const string Boot = """[2,"0","BootNotification",{"chargePointVendor":"V","chargePointModel":"M"}]""";
        for (var i = 0; i < 2; i++)
        {
            await using var charger = await edge.ConnectAsync(id);
            await charger.SendRawAsync(Boot);
            Assert.False((await charger.NextAnswerAsync()).IsError);
        }

        Assert.Equal(2, (await edge.EventsAsync(id, EventTypes.ChargerBoot)).Length);
    }

    [Fact]
    public async Task Quirk33_AnswerAfterTheDeadline_IsDroppedAndTheNextCommandWorks()
    {
        var id = await edge.AddChargerAsync();
        await using var charger = await edge.ConnectAsync(id);
        await charger.CallAsync("Heartbeat");
        var grain = edge.Server.Grains.GetGrain<IChargerGrain>(new ChargeBoxId(id).GrainKey);
        var command = new Command { Action = "Reset", Payload = """{"type":"Soft"}"""u8.ToArray(), Timeout = TimeSpan.FromMilliseconds(50) };
        Assert.IsType<CommandOutcome.TimedOut>(await grain.SendAsync(TenantId.Default, command));
        await charger.AnswerAsync(await charger.NextCallAsync(), """{"status":"Accepted"}""");
        var again = grain.SendAsync(TenantId.Default, command with { Timeout = TimeSpan.FromSeconds(30) });
        await charger.AnswerAsync(await charger.NextCallAsync(), """{"status":"Rejected"}""");
        var answered = Assert.IsType<CommandOutcome.Answered>(await again);
        Assert.Contains("Rejected", Encoding.UTF8.GetString(answered.Payload.Span), StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Headers(params (string Name, string? Value)[] headers) =>
        headers.ToDictionary(header => header.Name, header => header.Value);

    private static async Task<(string, string?)> NextErrorAsync(FakeCharger charger)
    {
        var answer = await charger.NextAnswerAsync();
        return (answer.MessageId, answer.ErrorCode);
    }

    private Task<HttpResponseMessage> ResetAsync(string id) =>
        edge.Server.Http.PostAsJsonAsync(new Uri($"/api/v1/chargers/{id}/reset", UriKind.Relative), new { type = "Soft" });

    private static async Task<JsonElement> SendAsync(FakeCharger charger, string frame)
    {
        await charger.SendRawAsync(frame);
        var answer = await charger.NextAnswerAsync();
        Assert.False(answer.IsError, $"{answer.ErrorCode}: {answer.ErrorDescription}");
        return answer.Payload;
    }
}

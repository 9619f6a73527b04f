using System.Net.WebSockets;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.Api.Tests.Ocpp;

/// <summary>Sockets that fall silent, and servers that stop.</summary>
public sealed class LifeTests
{
    private static readonly (string, string)[] Impatient =
        [("Capacitor:Ocpp:PingInterval", "00:00:00.200"), ("Capacitor:Ocpp:PingTimeout", "00:00:00.400")];

    [Fact]
    public async Task Ping_Unanswered_CutsTheSocketAndReportsATimeout()
    {
        var edge = await EdgeFixture.StartAsync(Impatient);
        await using var server = edge.Server;
        var id = await edge.AddChargerAsync();
        using var silent = await FakeChargerHandshake.SendAsync(edge.Server.BaseAddress, $"/ocpp/{id}");
        Assert.Equal(0x89, (await silent.ReadFrameAsync())!.Value.FirstByte);
        Assert.Equal(DisconnectReason.TimedOut, (await edge.Grains.WaitForAsync(id, "DetachAsync")).Arguments[1]);
        Assert.Equal("timeout", (await edge.OnlyEventAsync(id, EventTypes.ChargerDisconnected)).GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Quirk29_PongOrAnyOtherFrame_KeepsTheSocket()
    {
        var edge = await EdgeFixture.StartAsync(Impatient);
        await using var server = edge.Server;
        var id = await edge.AddChargerAsync();
        using var alive = await FakeChargerHandshake.SendAsync(edge.Server.BaseAddress, $"/ocpp/{id}");
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(0x89, (await alive.ReadFrameAsync())!.Value.FirstByte);
            var (opcode, payload) = i % 2 == 0 ? (0x8A, "") : (0x81, """[3,"nobody-asked",{}]""");
            await alive.SendFrameAsync((byte)opcode, System.Text.Encoding.UTF8.GetBytes(payload));
        }

        Assert.Empty(await edge.EventsAsync(id, EventTypes.ChargerDisconnected));
    }

    [Fact]
    public async Task Stop_CallUnderWay_IsAnsweredThenClosed1012WithoutADisconnection()
    {
        var edge = await EdgeFixture.StartAsync();
        await using var server = edge.Server;
        var id = await edge.AddChargerAsync();
        var hold = new TaskCompletionSource();
        var entered = new TaskCompletionSource();
        edge.Grains.Before(id, call =>
        {
            if (call.Action != "StartTransaction")
            {
                return Task.CompletedTask;
            }

            entered.TrySetResult();
            return hold.Task;
        });
        await using var charger = await edge.ConnectAsync(id);
        var start = charger.CallAsync("StartTransaction", """{"connectorId":1,"idTag":"T","meterStart":1,"timestamp":"2026-02-06T14:30:00Z"}""");
        await entered.Task;
        var stopping = edge.Server.StopAsync();
        hold.SetResult();
        var answer = await start;
        Assert.False(answer.IsError);
        Assert.Equal((WebSocketCloseStatus)1012, (await charger.WaitForCloseAsync()).Status);
        await stopping;

        edge.Grains.TakeAll(id);
        await edge.Server.StartAgainAsync();
        await using var back = await edge.ConnectAsync(id);
        Assert.False((await back.CallAsync("Heartbeat")).IsError);
        var started = await edge.OnlyEventAsync(id, EventTypes.TransactionStarted);
        Assert.Equal(answer.Payload.GetProperty("transactionId").GetInt32(), started.GetProperty("transactionId").GetInt32());
        Assert.Empty(await edge.EventsAsync(id, EventTypes.ChargerDisconnected));
    }

    [Fact]
    public async Task Stop_CallsQueued_AreAnsweredBeforeTheClose()
    {
        const int Queued = 5;
        var edge = await EdgeFixture.StartAsync();
        await using var server = edge.Server;
        var id = await edge.AddChargerAsync();
        var hold = new TaskCompletionSource();
        var entered = new TaskCompletionSource();
        edge.Grains.Before(id, call =>
        {
            if (call.Action != "Authorize")
            {
                return Task.CompletedTask;
            }

            entered.TrySetResult();
            return hold.Task;
        });
        await using var charger = await edge.ConnectAsync(id);
        await charger.CallAsync("Heartbeat"); // answered once the connection is recorded: before that it gets no commands
        using var body = new StringContent("""{"type":"Soft"}""", null, "application/json");
        var reset = edge.Server.Http.PostAsync(new Uri($"/api/v1/chargers/{id}/reset", UriKind.Relative), body);
        var command = await charger.NextCallAsync();
        await charger.SendRawAsync("""[2,"0","Authorize",{"idTag":"A"}]""");
        for (var i = 1; i <= Queued; i++)
        {
            await charger.SendRawAsync($$"""[2,"{{i}}","StatusNotification",{"connectorId":{{i}},"status":"Available","errorCode":"NoError"}]""");
        }

        await entered.Task;
        await charger.AnswerAsync(command, """{"status":"Accepted"}""");
        using var answered = await reset; // so the server has read all that came before
        var stopping = edge.Server.StopAsync();
        hold.SetResult();
        for (var i = 0; i <= Queued; i++)
        {
            Assert.Equal($"{i}", (await charger.NextAnswerAsync()).MessageId);
        }

        Assert.Equal((WebSocketCloseStatus)1012, (await charger.WaitForCloseAsync()).Status);
        await stopping;
    }

    [Fact]
    public async Task Stop_CallThatCannotBeAnswered_IsClosed1012InTime()
    {
        var edge = await EdgeFixture.StartAsync(("Capacitor:Ocpp:ShutdownTimeout", "00:00:01"), ("Capacitor:Ocpp:CloseTimeout", "00:00:00.200"));
        await using var server = edge.Server;
        var id = await edge.AddChargerAsync();
        edge.Grains.Before(id, call => call.Action is null ? Task.CompletedTask : throw new IOException("disk full"));
        await using var charger = await edge.ConnectAsync(id);
        var start = charger.CallAsync("StartTransaction", """{"connectorId":1,"idTag":"T","meterStart":1,"timestamp":"2026-02-06T14:30:00Z"}""");
        await edge.Server.StopAsync();
        Assert.Equal((WebSocketCloseStatus)1012, (await charger.WaitForCloseAsync()).Status);
        await Assert.ThrowsAsync<IOException>(() => start);
    }

    [Fact]
    public async Task Charger_ThatSendsAndNeverReads_IsCut()
    {
        var edge = await EdgeFixture.StartAsync(Impatient);
        await using var server = edge.Server;
        var id = await edge.AddChargerAsync();
        using var deaf = await FakeChargerHandshake.SendAsync(edge.Server.BaseAddress, $"/ocpp/{id}");
        var frame = System.Text.Encoding.UTF8.GetBytes($$"""[2,"{{new string('x', 60_000)}}","Heartbeat",{}]"""); // refused, at length
        var sending = Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (true)
            {
                await deaf.SendFrameAsync(0x81, frame);
            }
        });
        Assert.Equal(DisconnectReason.TimedOut, (await edge.Grains.WaitForAsync(id, "DetachAsync")).Arguments[1]);
        await sending;
    }

    [Fact]
    public async Task Stop_ChargersThatDoNotCloseTheirSide_AreCut()
    {
        var edge = await EdgeFixture.StartAsync();
        await using var server = edge.Server;
        using var deaf = await FakeChargerHandshake.SendAsync(edge.Server.BaseAddress, $"/ocpp/{await edge.AddChargerAsync()}");
        await using var polite = await edge.ConnectAsync();
        await polite.CallAsync("Heartbeat");
        await edge.Server.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal((WebSocketCloseStatus)1012, (await polite.WaitForCloseAsync()).Status);
    }

    [Fact]
    public async Task Stop_ChargerThatTakesACloseForGood_IsCutWithoutOne()
    {
        var edge = await EdgeFixture.StartAsync(("Capacitor:Chargers:AbortInsteadOfClose:0", "stubborn/one"));
        await using var server = edge.Server;
        var id = await edge.AddChargerAsync();
        await using (var first = await edge.ConnectAsync(id))
        {
            await first.CallAsync("BootNotification", """{"chargePointVendor":"Stubborn","chargePointModel":"One"}""");
            edge.Grains.TakeAll(id);
        }

        using var again = await FakeChargerHandshake.SendAsync(edge.Server.BaseAddress, $"/ocpp/{id}");
        await edge.Grains.WaitForAsync(id, "AttachAsync");
        await again.SendFrameAsync(0x81, """[2,"1","Heartbeat",{}]"""u8.ToArray());
        Assert.Equal(0x81, (await again.ReadFrameAsync())!.Value.FirstByte);
        await edge.Server.StopAsync();
        try
        {
            Assert.Null(await again.ReadFrameAsync());
        }
        catch (IOException cut)
        {
            Assert.NotNull(cut.InnerException); // a reset instead of an end
        }
    }

    [Fact]
    public async Task Stop_CommandUnderWay_EndsWithTheChargersAnswer()
    {
        var edge = await EdgeFixture.StartAsync();
        await using var server = edge.Server;
        var id = await edge.AddChargerAsync();
        await using var charger = await edge.ConnectAsync(id);
        await charger.CallAsync("Heartbeat");
        using var body = new StringContent("""{"type":"Soft"}""", null, "application/json");
        var reset = edge.Server.Http.PostAsync(new Uri($"/api/v1/chargers/{id}/reset", UriKind.Relative), body);
        var command = await charger.NextCallAsync();
        var stopping = edge.Server.StopAsync();
        await charger.AnswerAsync(command, """{"status":"Accepted"}""");
        using var answered = await reset;
        Assert.True(answered.IsSuccessStatusCode, await answered.Content.ReadAsStringAsync());
        Assert.Equal((WebSocketCloseStatus)1012, (await charger.WaitForCloseAsync()).Status);
        await stopping;
    }
}

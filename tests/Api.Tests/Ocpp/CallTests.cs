using Capacitor.Events;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.Api.Tests.Ocpp;

[Collection(EdgeCollection.Name)]
public sealed class CallTests(EdgeFixture edge)
{
    private const string Start = """{"connectorId":1,"idTag":"TAG","meterStart":100,"timestamp":"2026-02-06T14:30:00Z"}""";

    [Fact]
    public async Task Calls_SentAtOnce_AreProcessedOneAtATimeInOrder()
    {
        var id = await edge.AddChargerAsync();
        var running = 0;
        var most = 0;
        edge.Grains.Before(id, async call =>
        {
            if (call.Action is not null)
            {
                most = Math.Max(most, Interlocked.Increment(ref running));
                await Task.Yield();
                Interlocked.Decrement(ref running);
            }
        });
        await using var charger = await edge.ConnectAsync(id);
        for (var i = 0; i < 50; i++)
        {
            await charger.SendRawAsync($$"""[2,"{{i}}","StatusNotification",{"connectorId":{{i}},"status":"Available","errorCode":"NoError"}]""");
        }

        for (var i = 0; i < 50; i++)
        {
            Assert.Equal($"{i}", (await charger.NextAnswerAsync()).MessageId);
        }

        Assert.Equal(1, most);
        var events = await edge.EventsAsync(id, EventTypes.ConnectorStatusChanged);
        Assert.Equal(Enumerable.Range(0, 50), events.Select(changed => changed.GetProperty("data").GetProperty("connectorId").GetInt32()));
    }

    [Fact]
    public async Task Call_WhileACommandWaitsForItsAnswer_IsAnsweredAtOnce()
    {
        var id = await edge.AddChargerAsync();
        await using var charger = await edge.ConnectAsync(id);
        using var body = new StringContent("""{"connectorId":1,"idTag":"TAG"}""", null, "application/json");
        var remoteStart = edge.Server.Http.PostAsync(new Uri($"/api/v1/chargers/{id}/remote-start", UriKind.Relative), body);
        var command = await charger.NextCallAsync();
        Assert.Equal("RemoteStartTransaction", command.Action);

        var started = await charger.CallAsync("StartTransaction", Start); // before the answer: some chargers do
        Assert.True(started.Payload.GetProperty("transactionId").GetInt32() > 0);

        await charger.AnswerAsync(command, """{"status":"Accepted"}""");
        using var answer = await remoteStart;
        Assert.True(answer.IsSuccessStatusCode);
        Assert.Single(await edge.EventsAsync(id, EventTypes.TransactionStarted));
    }

    [Fact]
    public async Task CommandAnswer_WhileACallIsProcessed_GetsThrough()
    {
        var id = await edge.AddChargerAsync();
        var hold = new TaskCompletionSource();
        edge.Grains.Before(id, call => call.Action == "StartTransaction" ? hold.Task : Task.CompletedTask);
        await using var charger = await edge.ConnectAsync(id);
        using var body = new StringContent("""{"type":"Soft"}""", null, "application/json");
        var reset = edge.Server.Http.PostAsync(new Uri($"/api/v1/chargers/{id}/reset", UriKind.Relative), body);
        var command = await charger.NextCallAsync();
        var start = charger.CallAsync("StartTransaction", Start);
        await charger.AnswerAsync(command, """{"status":"Accepted"}""");
        using var answer = await reset;
        Assert.True(answer.IsSuccessStatusCode);
        Assert.False(start.IsCompleted);
        hold.SetResult();
        Assert.False((await start).IsError);
    }

    [Fact]
    public async Task Call_SameIdAndContent_GetsTheStoredAnswerAndMakesNoSecondEvent()
    {
        var id = await edge.AddChargerAsync();
        await using var charger = await edge.ConnectAsync(id);
        const string Boot = """{"chargePointVendor":"V","chargePointModel":"M"}""";
        var first = await charger.CallAsync("BootNotification", Boot, "again");
        var second = await charger.CallAsync("BootNotification", Boot, "again");
        Assert.Equal(first.Payload.GetRawText(), second.Payload.GetRawText());
        Assert.Single(await edge.EventsAsync(id, EventTypes.ChargerBoot));
    }

    [Fact]
    public async Task Call_SameIdWhileTheFirstIsProcessed_WaitsForItsAnswer()
    {
        var id = await edge.AddChargerAsync();
        var hold = new TaskCompletionSource();
        var entered = new TaskCompletionSource();
        edge.Grains.Before(id, call =>
        {
            entered.TrySetResult();
            return call.Action is null ? Task.CompletedTask : hold.Task;
        });
        await using var charger = await edge.ConnectAsync(id);
        var frame = $"[2,\"twice\",\"StartTransaction\",{Start}]";
        await charger.SendRawAsync(frame);
        await entered.Task;
        await charger.SendRawAsync(frame);
        hold.SetResult();
        var first = await charger.NextAnswerAsync();
        var second = await charger.NextAnswerAsync();
        Assert.Equal(first.Payload.GetRawText(), second.Payload.GetRawText());
        Assert.Single(edge.Grains.TakeAll(id), call => call.Action == "StartTransaction");
        Assert.Single(await edge.EventsAsync(id, EventTypes.TransactionStarted));
    }

    [Fact]
    public async Task Call_SameIdOtherContent_IsAProtocolError()
    {
        await using var charger = await edge.ConnectAsync();
        await charger.CallAsync("Authorize", """{"idTag":"A"}""", "same");
        var other = await charger.CallAsync("Authorize", """{"idTag":"B"}""", "same");
        Assert.Equal("ProtocolError", other.ErrorCode);
    }

    [Fact]
    public async Task TransactionMessages_SameIdOtherContent_AreNew()
    {
        var id = await edge.AddChargerAsync();
        await using var charger = await edge.ConnectAsync(id);
        var start = await charger.CallAsync("StartTransaction", Start, "same");
        var transactionId = start.Payload.GetProperty("transactionId").GetInt32();
        var stop = await charger.CallAsync(
            "StopTransaction", $$"""{"transactionId":{{transactionId}},"meterStop":900,"timestamp":"2026-02-06T15:30:00Z"}""", "same");
        Assert.False(stop.IsError);
        Assert.Single(await edge.EventsAsync(id, EventTypes.TransactionStopped));
    }

    [Fact]
    public async Task TransactionMessages_OneIdForEver_MakeEventsWithIdsOfTheirOwn()
    {
        var id = await edge.AddChargerAsync();
        await using var charger = await edge.ConnectAsync(id);
        for (var session = 1; session <= 3; session++)
        {
            var start = await charger.CallAsync(
                "StartTransaction", $$"""{"connectorId":1,"idTag":"TAG","meterStart":100,"timestamp":"2026-02-06T14:{{session}}0:00Z"}""", "same");
            var transactionId = start.Payload.GetProperty("transactionId").GetInt32();
            await charger.CallAsync(
                "StopTransaction", $$"""{"transactionId":{{transactionId}},"meterStop":900,"timestamp":"2026-02-06T14:{{session}}5:00Z"}""", "same");
        }

        var events = await edge.EventsAsync(id);
        Assert.Equal(3, events.Count(told => told.GetProperty("event").GetString() == EventTypes.TransactionStarted));
        Assert.Equal(events.Length, events.Select(told => told.GetProperty("id").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task Heartbeat_SameIdForEver_TellsTheTimeEachTime()
    {
        await using var charger = await edge.ConnectAsync();
        var first = DateTimeOffset.Parse((await charger.CallAsync("Heartbeat", "{}", "1")).Payload.GetProperty("currentTime").GetString()!, null);
        DateTimeOffset later;
        do
        {
            later = DateTimeOffset.Parse((await charger.CallAsync("Heartbeat", "{}", "1")).Payload.GetProperty("currentTime").GetString()!, null);
        }
        while (later == first);

        Assert.True(later > first);
    }

    [Theory]
    [InlineData("17")]
    [InlineData("\"\"")]
    public async Task TransactionMessages_OddMessageIds_AreProcessedAndAnsweredWithTheSame(string messageId)
    {
        var id = await edge.AddChargerAsync();
        await using var charger = await edge.ConnectAsync(id);
        await charger.SendRawAsync($"[2,{messageId},\"StartTransaction\",{Start}]");
        var answer = await charger.Frames.ReadAsync();
        Assert.StartsWith($"[3,{messageId},{{", answer, StringComparison.Ordinal);
        var transactionId = (await edge.OnlyEventAsync(id, EventTypes.TransactionStarted)).GetProperty("transactionId").GetInt32();
        await charger.SendRawAsync($$"""[2,{{messageId}},"StopTransaction",{"transactionId":{{transactionId}},"meterStop":900,"timestamp":"2026-02-06T15:30:00Z"}]""");
        Assert.StartsWith($"[3,{messageId},", await charger.Frames.ReadAsync(), StringComparison.Ordinal);
        Assert.Single(await edge.EventsAsync(id, EventTypes.TransactionStopped));
    }

    [Fact]
    public async Task Answer_ToNoCommand_IsDropped()
    {
        await using var charger = await edge.ConnectAsync();
        await charger.SendRawAsync("""[3,"never-asked",{"status":"Accepted"}]""");
        await charger.SendRawAsync("""[4,"never-asked","GenericError","",{}]""");
        Assert.False((await charger.CallAsync("Heartbeat")).IsError);
    }

    [Fact]
    public async Task Call_UnknownAction_IsNotImplemented()
    {
        await using var charger = await edge.ConnectAsync();
        Assert.Equal("NotImplemented", (await charger.CallAsync("Levitate")).ErrorCode);
    }
}

using System.Net.Http.Json;
using System.Text.Json;
using Capacitor.Events;
using Xunit;

namespace Capacitor.Api.Tests.Ocpp;

/// <summary>What chargers see while their grain fails, as it does when storage is down.</summary>
[Collection(EdgeCollection.Name)]
public sealed class FaultTests(EdgeFixture edge)
{
    private static readonly (string, string)[] Impatient = [("Capacitor:Ocpp:RetryDelay", "00:00:00.001"), ("Capacitor:Ocpp:CloseTimeout", "00:00:00.200"), ("Capacitor:Ocpp:Patience", "00:00:00.100")];

    [Fact]
    public async Task Call_GrainKeepsFailing_IsAnInternalErrorWithoutDetails()
    {
        var id = await edge.AddChargerAsync();
        Fail(id, "Authorize", times: int.MaxValue, new InvalidOperationException("disk full"));
        await using var charger = await edge.ConnectAsync(id);
        var answer = await charger.CallAsync("Authorize", """{"idTag":"A"}""");
        Assert.Equal("InternalError", answer.ErrorCode);
        Assert.DoesNotContain("disk", answer.ErrorDescription, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_GrainFailsOnce_IsAnsweredAllTheSame()
    {
        var id = await edge.AddChargerAsync();
        Fail(id, "Authorize", times: 1);
        await using var charger = await edge.ConnectAsync(id);
        Assert.False((await charger.CallAsync("Authorize", """{"idTag":"A"}""")).IsError);
    }

    [Fact]
    public async Task Call_SentAgainAfterAnInternalError_IsTriedAgain()
    {
        var id = await edge.AddChargerAsync();
        Fail(id, "Authorize", times: 3, new InvalidOperationException("a mistake"));
        await using var charger = await edge.ConnectAsync(id);
        Assert.True((await charger.CallAsync("Authorize", """{"idTag":"A"}""", "same")).IsError);
        Assert.False((await charger.CallAsync("Authorize", """{"idTag":"A"}""", "same")).IsError);
    }

    [Theory]
    [InlineData("StartTransaction", """{"connectorId":1,"idTag":"T","meterStart":1,"timestamp":"2026-02-06T14:30:00Z"}""")]
    [InlineData("StopTransaction", """{"transactionId":7,"meterStop":1,"timestamp":"2026-02-06T14:30:00Z"}""")]
    [InlineData("MeterValues", """{"connectorId":1,"meterValue":[{"timestamp":"2026-02-06T14:30:00Z","sampledValue":[{"value":"1"}]}]}""")]
    public async Task TransactionMessage_GrainFails_IsAnsweredLateAndNeverWithAnError(string action, string payload)
    {
        var id = await edge.AddChargerAsync();
        Fail(id, action, times: 4); // more often than another message is tried
        await using var charger = await edge.ConnectAsync(id);
        Assert.False((await charger.CallAsync(action, payload)).IsError);
    }

    [Fact]
    public async Task Call_WhileAnotherIsRetried_IsAnsweredAfterIt()
    {
        var id = await edge.AddChargerAsync();
        Fail(id, "StartTransaction", times: 2);
        await using var charger = await edge.ConnectAsync(id);
        await charger.SendRawAsync("""[2,"1","StartTransaction",{"connectorId":1,"idTag":"T","meterStart":1,"timestamp":"2026-02-06T14:30:00Z"}]""");
        await charger.SendRawAsync("""[2,"2","Heartbeat",{}]""");
        Assert.Equal("1", (await charger.NextAnswerAsync()).MessageId);
        Assert.Equal("2", (await charger.NextAnswerAsync()).MessageId);
        Assert.Single(await edge.EventsAsync(id, EventTypes.TransactionStarted));
    }

    [Fact]
    public async Task Attach_GrainFailsOnce_IsTriedAgainOnTheSameSocket()
    {
        var id = await edge.AddChargerAsync();
        var failures = 1;
        edge.Grains.Before(id, call => call.Method == "AttachAsync" && failures-- > 0 ? throw new IOException("disk full") : Task.CompletedTask);
        await using var charger = await edge.ConnectAsync(id);
        Assert.False((await charger.CallAsync("Heartbeat")).IsError);
    }

    [Fact]
    public async Task Attach_CommittedButUnanswered_KeepsTheSocketAndIsDetachedOnce()
    {
        var id = await edge.AddChargerAsync();
        var failures = 1;
        edge.Grains.After(id, call => call.Method == "AttachAsync" && failures-- > 0 ? throw new IOException("no answer") : Task.CompletedTask);
        await using var charger = await edge.ConnectAsync(id);
        Assert.False((await charger.CallAsync("Heartbeat")).IsError);
        await charger.CloseAsync();
        await edge.Grains.WaitForAsync(id, "DetachAsync");
        Assert.Single(await edge.EventsAsync(id, EventTypes.ChargerDisconnected));
        Assert.False(await IsOnlineAsync(edge, id));
    }

    [Fact]
    public async Task Attach_GrainKeepsFailing_ClosesAndTheNextConnectionWorks()
    {
        var impatient = await EdgeFixture.StartAsync(Impatient);
        await using var server = impatient.Server;
        var id = await impatient.AddChargerAsync();
        var failing = true;
        impatient.Grains.Before(id, call => call.Method == "AttachAsync" && failing ? throw new IOException("disk full") : Task.CompletedTask);
        await using var first = await impatient.ConnectAsync(id);
        Assert.Equal(1013, (int)(await first.WaitForCloseAsync()).Status!);
        failing = false;
        await using var second = await impatient.ConnectAsync(id);
        Assert.False((await second.CallAsync("Heartbeat")).IsError);
    }

    [Fact]
    public async Task Attach_CommittedButNeverAnswered_DoesNotLeaveTheChargerOnline()
    {
        var impatient = await EdgeFixture.StartAsync(Impatient);
        await using var server = impatient.Server;
        var id = await impatient.AddChargerAsync();
        var attempts = 0;
        impatient.Grains.After(id, call => call.Method == "AttachAsync" && ++attempts > 0 ? throw new IOException("no answer") : Task.CompletedTask);
        await using var charger = await impatient.ConnectAsync(id);
        Assert.Equal(1013, (int)(await charger.WaitForCloseAsync()).Status!);
        await impatient.Grains.WaitForAsync(id, "AbandonAsync");
        Assert.Single(await impatient.EventsAsync(id, EventTypes.ChargerConnected));
        Assert.Single(await impatient.EventsAsync(id, EventTypes.ChargerDisconnected));
        Assert.False(await IsOnlineAsync(impatient, id));
    }

    [Fact]
    public async Task Detach_GrainFailsForALongTime_IsReportedInTheEnd()
    {
        var impatient = await EdgeFixture.StartAsync(Impatient);
        await using var server = impatient.Server;
        var id = await impatient.AddChargerAsync();
        var failures = 20;
        impatient.Grains.Before(id, call => call.Method == "DetachAsync" && failures-- > 0 ? throw new IOException("disk full") : Task.CompletedTask);
        await using var charger = await impatient.ConnectAsync(id);
        await charger.CallAsync("Heartbeat");
        charger.Cut();
        await impatient.Grains.WaitForAsync(id, "DetachAsync");
        Assert.Equal("closed", (await impatient.OnlyEventAsync(id, EventTypes.ChargerDisconnected)).GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Admit_GrainFails_Is503()
    {
        var id = await edge.AddChargerAsync();
        edge.Grains.Before(id, _ => throw new IOException("disk full"));
        var refused = await Assert.ThrowsAsync<Testing.HandshakeRefusedException>(() => edge.ConnectAsync(id));
        Assert.Equal(503, refused.Status);
    }

    private static async Task<bool> IsOnlineAsync(EdgeFixture edge, string id) =>
        (await edge.Server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/chargers/{id}")).GetProperty("isOnline").GetBoolean();

    private void Fail(string chargeBoxId, string action, int times, Exception? failure = null)
    {
        var left = times;
        edge.Grains.Before(chargeBoxId, call => call.Action == action && left-- > 0 ? throw failure ?? new IOException("disk full") : Task.CompletedTask);
    }
}

using System.Text;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Tenants;
using Orleans;
using Xunit;

namespace Capacitor.Api.Tests.Ocpp;

/// <summary>What was done but not told, as when a silo dies after its commit: it is asked for again, and must not be done again.</summary>
[Collection(EdgeCollection.Name)]
public sealed class UnknownOutcomeTests(EdgeFixture edge)
{
    private static readonly Attachment First = new() { GatewayId = "sys.client/somewhere", ConnectionId = 1, Protocol = "ocpp1.6" };

    [Theory]
    [InlineData("BootNotification", """{"chargePointVendor":"V","chargePointModel":"M"}""", EventTypes.ChargerBoot)]
    [InlineData("StatusNotification", """{"connectorId":1,"errorCode":"NoError","status":"Preparing"}""", EventTypes.ConnectorStatusChanged)]
    [InlineData("StartTransaction", """{"connectorId":1,"idTag":"T","meterStart":1,"timestamp":"2026-02-06T14:30:00Z"}""", EventTypes.TransactionStarted)]
    public async Task Call_CommittedButUnanswered_HappensOnce(string action, string payload, string type)
    {
        var id = await edge.AddChargerAsync();
        LoseAnswers(id, action, times: 2);
        await using var charger = await edge.ConnectAsync(id);
        Assert.False((await charger.CallAsync(action, payload)).IsError);
        Assert.Single(await edge.EventsAsync(id, type));
    }

    [Fact]
    public async Task MeterValues_CommittedButUnanswered_HappenOnceAndTheNextAgain()
    {
        var id = await edge.AddChargerAsync();
        LoseAnswers(id, "MeterValues", times: 1);
        await using var charger = await edge.ConnectAsync(id);
        var started = await charger.CallAsync("StartTransaction", """{"connectorId":1,"idTag":"T","meterStart":1,"timestamp":"2026-02-06T14:30:00Z"}""");
        var transaction = started.Payload.GetProperty("transactionId").GetInt32();
        for (var energy = 2; energy < 5; energy++)
        {
            var values = $$"""{"connectorId":1,"transactionId":{{transaction}},"meterValue":[{"timestamp":"2026-02-06T14:3{{energy}}:00Z","sampledValue":[{"value":"{{energy}}"}]}]}""";
            Assert.False((await charger.CallAsync("MeterValues", values)).IsError);
        }

        Assert.Equal(3, (await edge.EventsAsync(id, EventTypes.TransactionUpdated)).Length);
    }

    [Fact]
    public async Task ReceiveAsync_AnOlderNumber_IsForNobodyAndChangesNothing()
    {
        var (id, charger) = await AddAsync();
        var epoch = (await charger.AttachAsync(First)).Epoch;
        var boot = new ChargerCall
        {
            Epoch = epoch, Number = 1, MessageId = "1", Action = "BootNotification", Payload = """{"chargePointVendor":"V","chargePointModel":"M"}"""u8.ToArray(),
        };
        await charger.ReceiveAsync(boot);
        await charger.ReceiveAsync(boot with { Number = 2, Payload = """{"chargePointVendor":"V","chargePointModel":"N"}"""u8.ToArray() });

        Assert.True((await charger.ReceiveAsync(boot)).IsStale);
        Assert.Equal(2, (await edge.EventsAsync(id, EventTypes.ChargerBoot)).Length);
    }

    [Fact]
    public async Task ReceiveAsync_TheFirstNumberOfTheNextConnection_IsNew()
    {
        var (id, charger) = await AddAsync();
        foreach (var connection in new[] { 1, 2 })
        {
            var epoch = (await charger.AttachAsync(First with { ConnectionId = connection })).Epoch;
            var payload = Encoding.UTF8.GetBytes($$"""{"chargePointVendor":"V","chargePointModel":"{{connection}}"}""");
            await charger.ReceiveAsync(new ChargerCall { Epoch = epoch, Number = 1, MessageId = "1", Action = "BootNotification", Payload = payload });
        }

        Assert.Equal(2, (await edge.EventsAsync(id, EventTypes.ChargerBoot)).Length);
    }

    [Fact]
    public async Task AttachAsync_RetryOfOneThatWasRecorded_ChangesNothing()
    {
        var (id, charger) = await AddAsync();
        var attached = await charger.AttachAsync(First);
        Assert.Equal(attached, await charger.AttachAsync(First with { IsRetry = true }));
        Assert.Single(await edge.EventsAsync(id, EventTypes.ChargerConnected));
    }

    [Fact]
    public async Task AttachAsync_RetryOfOneThatWasNotRecorded_Attaches()
    {
        var (_, charger) = await AddAsync();
        Assert.Equal(AttachVerdict.Attached, (await charger.AttachAsync(First with { IsRetry = true })).Verdict);
    }

    [Fact]
    public async Task AttachAsync_RetryAfterAnotherAttached_LeavesItTheCharger()
    {
        var (id, charger) = await AddAsync();
        var other = await charger.AttachAsync(First with { GatewayId = "sys.client/elsewhere" });

        Assert.Equal(AttachVerdict.Superseded, (await charger.AttachAsync(First with { IsRetry = true })).Verdict);
        await charger.AbandonAsync(First.GatewayId, First.ConnectionId, DisconnectReason.Closed);
        Assert.Empty(await edge.EventsAsync(id, EventTypes.ChargerDisconnected));
        await charger.DetachAsync(other.Epoch, DisconnectReason.Closed);
        Assert.Single(await edge.EventsAsync(id, EventTypes.ChargerDisconnected));
    }

    [Fact]
    public async Task SendAsync_TheGatewayIsGone_IsNotConnected()
    {
        var (_, charger) = await AddAsync();
        await charger.AttachAsync(First with { GatewayId = $"sys.client/{Guid.NewGuid():N}" });
        var outcome = await charger.SendAsync(TenantId.Default, new Command { Action = "Reset", Payload = """{"type":"Soft"}"""u8.ToArray() });
        Assert.IsType<CommandOutcome.NotConnected>(outcome);
    }

    private async Task<(string Id, IChargerGrain Charger)> AddAsync()
    {
        var id = await edge.AddChargerAsync();
        return (id, edge.Server.Grains.GetGrain<IChargerGrain>(new ChargeBoxId(id).GrainKey));
    }

    private void LoseAnswers(string chargeBoxId, string action, int times)
    {
        var left = times;
        edge.Grains.After(chargeBoxId, call => call.Action == action && left-- > 0 ? throw new IOException("no answer") : Task.CompletedTask);
    }
}

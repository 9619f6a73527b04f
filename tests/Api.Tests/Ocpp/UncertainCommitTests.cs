using Capacitor.Api.Commands;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Tenants;
using Capacitor.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Capacitor.Api.Tests.Ocpp;

/// <summary>A commit that seems to fail, as when the connection to the database breaks: what it stood for may be durable all the same.</summary>
public sealed class UncertainCommitTests : IAsyncLifetime
{
    private static readonly Command RemoteStart = new() { Action = "RemoteStartTransaction", Payload = """{"connectorId":1,"idTag":"FAR"}"""u8.ToArray() };

    private readonly UncertainStorage _storage = new();
    private CapacitorServer _server = null!;

    public async Task InitializeAsync() => _server = await CapacitorServer.StartAsync(
        new Dictionary<string, string?> { ["Capacitor:UnknownChargers"] = "accept" }, builder => _storage.Wrap(builder.Services));

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StartTransaction_ItsCommitSeemsToFail_IsTheRemoteStartsAndTheNextIsNot(bool becomesDurable)
    {
        await using var charger = await FakeCharger.ConnectAsync($"{_server.BaseAddress}ocpp", "CP");
        await charger.CallAsync("Heartbeat");
        var sending = _server.Services.GetRequiredService<CommandSender>().SendAsync(new ChargeBoxId("CP"), TenantId.Default, RemoteStart);
        await charger.AnswerAsync(await charger.NextCallAsync(), """{"status":"Accepted"}""");
        await sending;

        _storage.FailOnce(new ChargeBoxId("CP").GrainKey, becomesDurable);
        Assert.True(await StartsRemotelyAsync(charger, 1));
        Assert.True(_storage.HasFailed);
        Assert.False(await StartsRemotelyAsync(charger, 2));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ReserveNow_TheCommitOfItsEndSeemsToFail_IsThereOnce(bool becomesDurable)
    {
        await using var charger = await FakeCharger.ConnectAsync($"{_server.BaseAddress}ocpp", "CP");
        await charger.CallAsync("Heartbeat");
        var asked = _server.Http.SendAsync("POST", "/api/v1/reservations", """{"chargeBoxId":"CP","connectorId":1,"idTag":"TAG","expiresAt":"2099-01-01T00:00:00Z"}""");
        var call = await charger.NextCallAsync();
        _storage.FailOnce(new ChargeBoxId("CP").GrainKey, becomesDurable);
        await charger.AnswerAsync(call, """{"status":"Accepted"}""");
        var reply = await asked;

        Assert.True(_storage.HasFailed);
        Assert.Equal(201, reply.Status);
        Assert.Equal(200, (await _server.Http.SendAsync("GET", $"/api/v1/reservations/{reply.Json.GetProperty("reservationId").GetInt32()}")).Status);
        Assert.Equal(["command.completed", "reservation.created"], await TellAsync("command.completed,reservation.created"));
    }

    [Fact]
    public async Task RemoteStart_ItsBeginIsNotCommitted_IsNotWaitedFor()
    {
        await using var charger = await FakeCharger.ConnectAsync($"{_server.BaseAddress}ocpp", "CP");
        await charger.CallAsync("Heartbeat");
        _storage.FailOnce(new ChargeBoxId("CP").GrainKey, becomesDurable: false);
        Assert.Equal(503, (await _server.Http.SendAsync("POST", "/api/v1/transactions/start", """{"chargeBoxId":"CP","connectorId":1,"idTag":"FAR"}""")).Status);

        Assert.False(await StartsRemotelyAsync(charger, 1));
        Assert.False(charger.Calls.TryRead(out _));
        Assert.Empty((await _server.Http.SendAsync("GET", "/api/v1/chargers/CP/commands")).Json.GetProperty("commands").EnumerateArray());
    }

    [Fact]
    public async Task Delete_ItsCommitFails_NothingHasEnded()
    {
        await using var charger = await FakeCharger.ConnectAsync($"{_server.BaseAddress}ocpp", "CP");
        await charger.CallAsync("Heartbeat");
        var begun = (await _server.Http.SendAsync("POST", "/api/v1/chargers/CP/reset?async=true", """{"type":"Soft"}""")).Json.GetProperty("commandId").GetString();
        var call = await charger.NextCallAsync();
        _storage.FailOnce(new ChargeBoxId("CP").GrainKey, becomesDurable: false);
        Assert.Equal(503, (await _server.Http.SendAsync("DELETE", "/api/v1/chargers/CP")).Status);

        await charger.CallAsync("Heartbeat");
        Assert.Null((await _server.Http.SendAsync("GET", $"/api/v1/commands/{begun}")).Json.GetProperty("completedAt").GetString());
        Assert.Empty(await TellAsync("command.*"));
        await charger.AnswerAsync(call, """{"status":"Accepted"}""");
        while ((await _server.Http.SendAsync("GET", $"/api/v1/commands/{begun}")).Json.GetProperty("completedAt").GetString() is null)
        {
            await charger.CallAsync("Heartbeat");
        }

        Assert.Equal(["command.completed"], await TellAsync("command.*"));
    }

    private async Task<string[]> TellAsync(string types) =>
        [.. (await _server.Http.SendAsync("GET", $"/api/v1/events?chargeBoxId=CP&type={types}")).Json.GetProperty("events").EnumerateArray().Select(item => item.GetProperty("event").GetString()!)];

    private async Task<bool> StartsRemotelyAsync(FakeCharger charger, int meter)
    {
        var started = await charger.CallAsync("StartTransaction", ChargerMessages.Start(1, "FAR", meter, new DateTimeOffset(2026, 2, 6, 14, meter, 0, TimeSpan.Zero)));
        var grain = _server.Grains.GetGrain<IChargerGrain>(new ChargeBoxId("CP").GrainKey);
        return (await grain.FindOpenTransactionAsync(TenantId.Default, started.Payload.GetProperty("transactionId").GetInt32()))!.RemoteStarted;
    }

    /// <summary>Stands before the journal, and fails one commit: before it is made, or when it is durable.</summary>
    private sealed class UncertainStorage : IGrainStorage
    {
        private IGrainStorage _journal = null!;
        private string? _failing;
        private bool _becomesDurable;

        public bool HasFailed { get; private set; }

        public void Wrap(IServiceCollection services)
        {
            var journal = services.Single(service => service.IsKeyedService && service.ServiceType == typeof(IGrainStorage) && Equals(service.ServiceKey, EventStream.Provider));
            services.Remove(journal);
            services.AddKeyedSingleton<IGrainStorage>(EventStream.Provider, (provider, key) =>
            {
                _journal = (IGrainStorage)journal.KeyedImplementationFactory!(provider, key);
                return this;
            });
        }

        public void FailOnce(string key, bool becomesDurable) => (_failing, _becomesDurable) = (key, becomesDurable);

        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => _journal.ReadStateAsync(stateName, grainId, grainState);

        public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            var fails = _failing is { } key && grainId.Key.ToString() == key;
            if (!fails || _becomesDurable)
            {
                await _journal.WriteStateAsync(stateName, grainId, grainState);
            }

            if (fails)
            {
                (_failing, HasFailed) = (null, true);
                throw new IOException("The connection broke.");
            }
        }

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => _journal.ClearStateAsync(stateName, grainId, grainState);
    }
}

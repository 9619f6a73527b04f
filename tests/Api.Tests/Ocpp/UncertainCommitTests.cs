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

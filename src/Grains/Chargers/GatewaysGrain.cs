using Capacitor.Chargers;
using Capacitor.Events;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Runtime;
using Orleans.Storage;

namespace Capacitor.Grains.Chargers;

/// <remarks>Reentrant: renewals must not wait while the chargers of a dead gateway are seen to.</remarks>
[GrainType("gateways"), Reentrant]
internal sealed partial class GatewaysGrain(
    [PersistentState("gateways", EventStream.ColdStorage)] IPersistentState<GatewaysState> office,
    IJournalReader journal,
    IJournalOutlook outlook,
    IOptions<ChargerOptions> options,
    TimeProvider time,
    ILogger<GatewaysGrain> logger) : Grain, IGatewaysGrain, IRemindable
{
    private const string Reminder = "watch";
    private const int AtOnce = 32;
    private const int Batch = 1_000;

    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    private readonly GatewayLeases _leases = new(options.Value.LostConnectionGrace);
    private readonly GatewayFarewells _farewells = new();
    private bool _isInOffice;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(LookAsync, new GrainTimerCreationOptions(TimeSpan.Zero, _leases.Renewal) { KeepAlive = true });
        return Task.CompletedTask;
    }

    public Task<TimeSpan> RenewAsync(string gatewayId)
    {
        _leases.Renew(gatewayId, time.GetUtcNow());
        return Task.FromResult(_leases.Renewal);
    }

    public async Task<GatewayTerms> RenewLeaseAsync(string gatewayId) => new()
    {
        Renewal = await RenewAsync(gatewayId),
        Length = _leases.Length,
        JournalIsWritable = outlook.IsWritable,
    };

    public Task LeaveAsync(string gatewayId, Guid[] commands)
    {
        _farewells.Add(gatewayId, commands, time.GetUtcNow());
        return Task.CompletedTask;
    }

    public Task<bool?> FindTakenAsync(string gatewayId, Guid command) => Task.FromResult(_farewells.FindTaken(gatewayId, command));

    public Task WatchAsync() => this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);

    // Being activated is all that is wanted: the timer does the rest.
    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;

    private async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            _leases.Look(time.GetUtcNow());
            _farewells.Forget(time.GetUtcNow());
            if (!_isInOffice)
            {
                await ConfirmAsync();
                _isInOffice = true;
            }

            var dead = _leases.FindDead(await journal.ListGatewaysAsync(cancellation), time.GetUtcNow());
            if (dead.Count == 0)
            {
                return;
            }

            await ConfirmAsync();
            foreach (var gateway in dead)
            {
                await ReportAllAsync(gateway);
            }
        }
        catch (InconsistentStateException)
        {
            DeactivateOnIdle(); // another activation watches: this one heard nobody because nobody speaks to it any more
        }
        catch (Exception failure)
        {
            Log.NotLooked(logger, failure);
        }
    }

    // Fails for whoever is not the last that took the office: on a silo that was cut off or asleep, silence says nothing.
    private Task ConfirmAsync()
    {
        office.State.Confirmations++;
        return office.WriteStateAsync();
    }

    private async Task ReportAllAsync(string gateway)
    {
        int failed;
        IReadOnlyList<Charger> lost;
        do
        {
            lost = await journal.ListOnlineAtAsync(gateway, Batch);
            failed = 0;
            foreach (var some in lost.Chunk(AtOnce))
            {
                failed += (await Task.WhenAll(some.Select(TryReportAsync))).Count(reported => !reported);
            }

            Log.Reported(logger, lost.Count - failed, gateway);
        }
        while (lost.Count == Batch && failed == 0); // the next look tries again
    }

    private async Task<bool> TryReportAsync(Charger charger)
    {
        try
        {
            // A charger that came back meanwhile has a newer epoch, and its grain ignores this.
            await GrainFactory.GetGrain<IChargerGrain>(charger.ChargeBoxId.GrainKey).DetachAsync(charger.Epoch, DisconnectReason.ServerShutdown);
            return true;
        }
        catch (Exception failure)
        {
            Log.NotReported(logger, failure, charger.ChargeBoxId);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1011, LogLevel.Information, "{Count} chargers of the gateway {Gateway}, which is gone, did not come back and are reported disconnected")]
        public static partial void Reported(ILogger logger, int count, string gateway);

        [LoggerMessage(1012, LogLevel.Warning, "Charger {Charger} did not come back, and could not be reported disconnected; it is tried again")]
        public static partial void NotReported(ILogger logger, Exception failure, ChargeBoxId charger);

        [LoggerMessage(1013, LogLevel.Warning, "It could not be looked for gateways that are gone; it is tried again")]
        public static partial void NotLooked(ILogger logger, Exception failure);
    }
}

/// <summary>What is stored: nothing but the version that tells the present watcher from former ones.</summary>
[GenerateSerializer, Alias("capacitor.state.gateways")]
internal sealed class GatewaysState
{
    [Id(0)] public long Confirmations { get; set; }
}

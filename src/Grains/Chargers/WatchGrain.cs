using Capacitor.Chargers;
using Capacitor.Events;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Capacitor.Grains.Chargers;

/// <remarks>Reentrant: whoever wants it to watch must not wait for a look. Two that watch for a while do no harm: it is the charger's grain that decides.</remarks>
[GrainType("watch"), Reentrant]
internal sealed partial class WatchGrain(
    IJournalReader journal, IOptions<ChargerOptions> options, TimeProvider time, ILogger<WatchGrain> logger) : Grain, IWatchGrain, IRemindable
{
    private const string Reminder = "watch";
    private const int AtOnce = 16;
    private const int Batch = 256;

    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    private readonly LookFailures<ChargeBoxId> _failures = new();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(LookAsync, new GrainTimerCreationOptions(TimeSpan.Zero, options.Value.WatchInterval) { KeepAlive = true });
        return Task.CompletedTask;
    }

    public Task WatchAsync() => this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);

    // Being activated is all that is wanted: the timer does the rest.
    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;

    private async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            int found;
            do
            {
                // Those that fail stay due, and are the oldest: behind them are the others.
                var now = time.GetUtcNow();
                var due = await journal.ListDueChargersAsync(now, Batch + _failures.CountWaiting(now), cancellation);
                var some = due.Where(charger => !_failures.IsWaiting(charger, now)).Take(Batch).ToList();
                found = some.Count;
                foreach (var chunk in some.Chunk(AtOnce))
                {
                    await Task.WhenAll(chunk.Select(TryLookAsync));
                }
            }
            while (found == Batch && !cancellation.IsCancellationRequested);
        }
        catch (Exception failure)
        {
            Log.NotWatched(logger, failure);
        }
    }

    private async Task TryLookAsync(ChargeBoxId charger)
    {
        try
        {
            await GrainFactory.GetGrain<IChargerGrain>(charger.GrainKey).LookAsync();
            _failures.Forget(charger);
        }
        catch (Exception failure)
        {
            _failures.Add(charger, time.GetUtcNow());
            Log.NotLooked(logger, failure, charger); // a silo of an older version does not know how: another one will
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1014, LogLevel.Warning, "Something is due of the charger {Charger}, and it could not be looked at; it is tried again")]
        public static partial void NotLooked(ILogger logger, Exception failure, ChargeBoxId charger);

        [LoggerMessage(1015, LogLevel.Warning, "It could not be looked for chargers of which something is due; it is tried again")]
        public static partial void NotWatched(ILogger logger, Exception failure);
    }
}

using Capacitor.Events;
using Capacitor.Webhooks;
using Microsoft.Extensions.Logging;

namespace Capacitor.Grains.Webhooks;

/// <summary>Counts what a replay would send. Sends nothing, and waits for nobody who does.</summary>
internal sealed class ReplayCount(ReplayRun run, WebhookTarget target, EventFilter filter, DeliveryPumps parts)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private DateTimeOffset? _endedAt;
    private volatile bool _isCancelled;

    /// <summary><c>rpl_…</c></summary>
    public string Id => run.Id;

    /// <summary>How far it is.</summary>
    public Replay Now(ReplayStatus? ended = null)
    {
        lock (_gate)
        {
            return ended is { } how ? run.Now(parts.Time.GetUtcNow(), how) : run.Now(_endedAt, _endedAt is null ? ReplayStatus.Running : ReplayStatus.Completed);
        }
    }

    /// <summary>Counts no further.</summary>
    public void Cancel() => _isCancelled = true;

    /// <summary>Counts, to the end or until it is called off. Tries again what fails.</summary>
    public async Task RunAsync()
    {
        while (!_isCancelled && !run.IsDone)
        {
            try
            {
                var (wanted, readTo) = await parts.Replays.ReadAsync(target, filter, run);
                lock (_gate)
                {
                    run.Matched += wanted.Count;
                    run.ReadTo = readTo;
                }
            }
            catch (Exception failure)
            {
                DeliveryPump.Log.ReadFailed(parts.Logger, failure, target.WebhookId, target.Tenant.Value, Pause);
                await Task.Delay(Pause, parts.Time);
            }
        }

        lock (_gate)
        {
            _endedAt = run.IsDone ? parts.Time.GetUtcNow() : null;
        }
    }
}

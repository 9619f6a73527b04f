using Capacitor.Events;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

/// <summary>A replay, which has what live events and retries leave over.</summary>
internal sealed partial class DeliveryPump
{
    private const int MostUnwrittenForReplays = 1_024;

    private ReplayRun? _replay;

    /// <summary>Called when a replay has come to its end, before another can begin. Under the pump's lock.</summary>
    public Action<Replay>? OnReplayed { get; set; }

    /// <summary>The replay under way as it is now; null: none.</summary>
    public Replay? Replaying
    {
        get
        {
            lock (_gate)
            {
                return _replay?.Now();
            }
        }
    }

    // Its results wait for the log, too: when that is away, a replay waits.
    private bool IsReplayReadyAt(long now) => _replay is { Lanes.Ready: > 0 } run && run.NextAt <= now && _unwritten < MostUnwrittenForReplays;

    private long? NextReplay => _replay is { Lanes.Ready: > 0 } run && _unwritten < MostUnwrittenForReplays ? run.NextAt : null;

    /// <summary>Begins a replay; there is none under way.</summary>
    public void Begin(Replay replay)
    {
        List<DeliveryWorker>? started;
        lock (_gate)
        {
            _replay = new ReplayRun(replay, _options, _time);
            started = Plan();
        }

        Start(started);
    }

    /// <summary>Ends a replay before its time and answers how far it came; null when it is not under way.</summary>
    public Replay? Cancel(string replayId)
    {
        lock (_gate)
        {
            if (_replay?.Id != replayId)
            {
                return null;
            }

            var ended = _replay.Now(_time.GetUtcNow(), ReplayStatus.Cancelled);
            _replay = null;
            return ended;
        }
    }

    /// <summary>What the log has of an event of a replay; null: nothing. Nobody else attempts it from here on.</summary>
    internal async Task<DeliveryRecord?> LoadAsync(ReplayDelivery replayed)
    {
        var item = replayed.Delivery.Event;
        var id = DeliveryId.Derive(_target.WebhookId, item.Id, item.Position);
        DeliveryRecord? unwritten;
        while (!TryBegin(replayed, id, out unwritten))
        {
            await Task.Delay(FirstPause, _time); // a retry is at it
        }

        return unwritten ?? await _parts.Store.FindAsync(_target.WebhookId, id);
    }

    /// <summary>An event of a replay whose line of the log cannot be read counts as failed: the replay can be asked for again.</summary>
    internal void PutOff(ReplayDelivery replayed, Exception failure)
    {
        Log.ReadFailed(_logger, failure, _target.WebhookId, _target.Tenant.Value, FirstPause);
        lock (_gate)
        {
            replayed.Run.End(replayed.Delivery, isDelivered: false);
        }
    }

    private bool TryBegin(ReplayDelivery replayed, string id, out DeliveryRecord? unwritten)
    {
        lock (_gate)
        {
            unwritten = _retries.Find(id)?.Unwritten;
            if (!_attempted.TryAdd(id, replayed.Delivery.Event.At))
            {
                return false;
            }

            replayed.Claim(id);
            return true;
        }
    }

    private ReplayDelivery? TakeReplay(long now)
    {
        if (_replay is not { } run || !run.Lanes.TryStart(out var delivery))
        {
            return null;
        }

        run.Pace(now);
        return new ReplayDelivery(delivery, run);
    }

    private void End(ReplayDelivery replayed, DeliveryRecord row, bool isDelivered)
    {
        var waiting = _retries.Find(row.Id);
        if (isDelivered && waiting is not null)
        {
            _retries.Remove(row.Id);
            LetGo(waiting, null); // it got through
        }
        else if (waiting is not null)
        {
            waiting.Unwritten = row; // the retry comes after this attempt
        }
        else if (row.Status == DeliveryStatus.Pending)
        {
            waiting = _retries.Add(RetryOf(row, null, null)); // of more than are in memory, or one whose place was taken meanwhile
        }

        replayed.Run.End(replayed.Delivery, isDelivered);
        Keep(row, null, waiting);
    }

    // Under the lock: the next page of a replay is begun, or its end is told.
    private void ReadReplay()
    {
        if (_replay is not { IsReading: false } run)
        {
            return;
        }

        if (run.IsDone)
        {
            OnReplayed?.Invoke(run.Now(_time.GetUtcNow(), ReplayStatus.Completed));
            _replay = null;
            return;
        }

        if (run.ReadTo < run.UpTo && run.Lanes.Count < ReplayPages.Size / 2)
        {
            run.IsReading = true;
            ThreadPool.UnsafeQueueUserWorkItem(static read => _ = read.Pump.ReadReplayAsync(read.Run), (Pump: this, Run: run), preferLocal: false);
        }
    }

    private Task ReadReplayAsync(ReplayRun run) => InsistAsync(
        async () =>
        {
            var (wanted, readTo) = await _parts.Replays.ReadAsync(_target, _filter, run);
            EndReplayPage(run, wanted, readTo);
        },
        isWanted: () => _replay == run);

    private void EndReplayPage(ReplayRun run, List<JournalEvent> wanted, long readTo)
    {
        List<DeliveryWorker>? started;
        lock (_gate)
        {
            run.Matched += wanted.Count;
            run.ReadTo = readTo;
            run.IsReading = false;
            wanted.ForEach(item => run.Lanes.Add(item));
            run.Lanes.Prune(run.Position);
            started = Plan();
        }

        Start(started);
    }
}

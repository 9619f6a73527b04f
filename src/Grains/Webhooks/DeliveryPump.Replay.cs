using Capacitor.Events;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

internal sealed partial class DeliveryPump
{
    private const int ReplayPage = 256;

    private ReplayRun? _replay;

    /// <summary>Called when a replay has come to its end.</summary>
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

    private bool IsReplayReady => _replay is { Lanes.Ready: > 0 } run && run.NextAt <= _time.GetTimestamp();

    private long? NextReplay => _replay is { Lanes.Ready: > 0 } run ? run.NextAt : null;

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

    /// <summary>What the log has of an event; null: nothing.</summary>
    internal Task<DeliveryRecord?> FindAsync(JournalEvent item) =>
        _parts.Store.FindAsync(_target.WebhookId, DeliveryId.Derive(_target.WebhookId, item.Id, item.Position)).AsTask();

    /// <summary>An event of a replay whose line of the log cannot be read counts as failed: the replay can be asked for again.</summary>
    internal void PutOff(ReplayDelivery replayed, Exception failure)
    {
        Log.ReadFailed(_logger, failure, _target.WebhookId, _target.Tenant.Value, FirstPause);
        lock (_gate)
        {
            replayed.Run.Failed++;
            replayed.Run.Lanes.Finish(replayed.Delivery);
        }
    }

    private ReplayDelivery? TakeReplay()
    {
        if (_replay is not { } run || !TrySlot(SlotClass.Replay, out var slot))
        {
            return null;
        }

        if (!run.Lanes.TryStart(out var delivery))
        {
            GiveBack(slot);
            return null;
        }

        run.Pace(_time.GetTimestamp());
        return new ReplayDelivery(delivery, run) { Slot = slot };
    }

    private void End(ReplayDelivery replayed, DeliveryRecord row, bool isDelivered)
    {
        if (isDelivered)
        {
            replayed.Run.Delivered++;
            if (_retries.Remove(row.Id) is { } waiting)
            {
                LetGo(waiting, null); // it got through
            }
        }
        else
        {
            replayed.Run.Failed++;
        }

        replayed.Run.Lanes.Finish(replayed.Delivery);
        Keep(row, null);
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
            _replay = null;
            var ended = run.Now(_time.GetUtcNow(), ReplayStatus.Completed);
            ThreadPool.UnsafeQueueUserWorkItem(static told => told.OnReplayed?.Invoke(told.Ended), (OnReplayed, Ended: ended), preferLocal: false);
            return;
        }

        if (run.ReadTo < run.UpTo && run.Lanes.Count < ReplayPage / 2)
        {
            run.IsReading = true;
            ThreadPool.UnsafeQueueUserWorkItem(static read => _ = read.Pump.ReadReplayAsync(read.Run), (Pump: this, Run: run), preferLocal: false);
        }
    }

    private async Task ReadReplayAsync(ReplayRun run)
    {
        var pause = FirstPause;
        while (_replay == run && !_stopped)
        {
            try
            {
                var after = run.ReadTo;
                var page = await _journal.ReadEventsAsync(_target.Tenant, after, ReplayPage, _filter.OnlyType);
                var readTo = Math.Min(Math.Max(page.ReadTo, after + 1), run.UpTo);
                var wanted = page.Events.Where(item => _filter.Matches(item) && run.Wants(item)).ToList();
                if (run.Request.MissedOnly && wanted.Count > 0)
                {
                    var delivered = await _parts.Store.ListPositionsAsync(_target.WebhookId, after, readTo, ReplayPage, DeliveryStatus.Delivered);
                    wanted.RemoveAll(item => delivered.Contains(item.Position));
                }

                EndReplayPage(run, wanted, readTo);
                return;
            }
            catch (Exception failure)
            {
                Log.ReadFailed(_logger, failure, _target.WebhookId, _target.Tenant.Value, pause);
                await Task.Delay(pause, _time);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    private void EndReplayPage(ReplayRun run, List<JournalEvent> wanted, long readTo)
    {
        List<DeliveryWorker>? started;
        lock (_gate)
        {
            run.Matched += wanted.Count;
            run.ReadTo = readTo;
            run.IsReading = false;
            if (!run.Request.DryRun)
            {
                wanted.ForEach(run.Lanes.Add);
            }

            started = Plan();
        }

        Start(started);
    }
}

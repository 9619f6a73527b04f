using System.Collections.Immutable;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

/// <summary>Replays take turns; those that only count run beside them, even while the webhook is inactive.</summary>
internal sealed partial class WebhookGrain
{
    private const int MostRunning = 10;
    private const int MostEnded = 20;

    private static readonly TimeSpan PatienceWithMissed = TimeSpan.FromSeconds(2);

    private ImmutableQueue<Replay> _replayed = []; // by the pump's threads; nearly always empty, and one of its kind for every webhook
    private readonly List<ReplayCount> _counts = new(0);

    public async Task<Replay> StartReplayAsync(ReplayRequest request)
    {
        request = request with
        {
            Events = request.Events is { } events ? WebhookRules.ReadEvents(events) : null,
            ChargeBoxIds = WebhookRules.ReadChargers(request.ChargeBoxIds),
        };
        if (_settings is not { } settings || (_pump is null && !request.DryRun))
        {
            throw new RefusedException(RefusalKind.Conflict, $"Webhook {Id} is inactive. Activate it first.");
        }

        if (State.Replays.Count(other => Now(other).Status == ReplayStatus.Running && other.Request.DryRun == request.DryRun) >= MostRunning)
        {
            throw new RefusedException(RefusalKind.LimitReached, $"{MostRunning} replays of webhook {Id} run or wait. Let one end, or cancel it.");
        }

        var replay = await NewReplayAsync(settings, request);
        State.Replays.Add(replay);
        await this.SaveAsync(webhook);
        Follow();
        return replay;
    }

    public Task<IReadOnlyList<Replay>> ListReplaysAsync() =>
        Task.FromResult<IReadOnlyList<Replay>>([.. State.Replays.Select(Now).OrderByDescending(replay => replay.CreatedAt)]);

    public async Task<Replay?> CancelReplayAsync(string replayId)
    {
        if (State.Replays.Find(replay => replay.Id == replayId) is not { } found)
        {
            return null;
        }

        if (found.Status == ReplayStatus.Running)
        {
            found = _pump?.Cancel(replayId) ?? Ended(replayId) ?? CancelCount(replayId) ?? found with { Status = ReplayStatus.Cancelled, EndedAt = time.GetUtcNow() };
            Put(found);
            await this.SaveAsync(webhook);
            Follow();
        }

        return found;
    }

    public async Task<MissedEvents?> CountMissedAsync()
    {
        if (_settings is not { } settings || State.MissedSince is not { } since)
        {
            return null;
        }

        var run = new ReplayRun(await NewReplayAsync(settings, new ReplayRequest { From = since, MissedOnly = true, DryRun = true }), pumps.Options, time);
        var count = new ReplayCount(run, new WebhookTarget(settings), FilterOf(settings), pumps);
        await Task.Run(count.RunAsync).WaitAsync(PatienceWithMissed, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        count.Cancel();
        return new MissedEvents(since, count.Now() is { Status: ReplayStatus.Completed } counted ? counted.Matched : null);
    }

    // What has not had its first attempt will have it anyway.
    private async Task<Replay> NewReplayAsync(WebhookSettings settings, ReplayRequest request)
    {
        var upTo = _pump?.Position ?? await journal.ReadHeadAsync(settings.Tenant);
        var after = request.From is { } from ? Math.Min(upTo, await new JournalSearch(journal).BeforeAsync(settings.Tenant, from)) : 0;
        return new Replay
        {
            Id = RandomId.New("rpl_"), Request = request, Status = ReplayStatus.Running, After = after, UpTo = upTo, Position = after, CreatedAt = time.GetUtcNow(),
        };
    }

    private Replay Now(Replay saved)
    {
        if (saved.Status != ReplayStatus.Running)
        {
            return saved;
        }

        return _counts.Find(count => count.Id == saved.Id) is { } count ? count.Now()
            : _pump?.Replaying is { } now && now.Id == saved.Id ? now
            : Ended(saved.Id) ?? saved;
    }

    // It has ended, and the state does not say so yet.
    private Replay? Ended(string replayId) => _replayed.FirstOrDefault(replay => replay.Id == replayId);

    private Replay? CancelCount(string replayId)
    {
        if (_counts.Find(count => count.Id == replayId) is not { } count)
        {
            return null;
        }

        _counts.Remove(count);
        count.Cancel();
        return count.Now(ReplayStatus.Cancelled);
    }

    private void BeginReplays()
    {
        foreach (var replay in State.Replays.Where(replay => replay is { Status: ReplayStatus.Running, Request.DryRun: true } && !_counts.Exists(count => count.Id == replay.Id)))
        {
            var count = new ReplayCount(new ReplayRun(replay, pumps.Options, time), new WebhookTarget(_settings!), FilterOf(_settings!), pumps);
            _counts.Add(count);
            ThreadPool.UnsafeQueueUserWorkItem(static begun => _ = begun.RunAsync(), count, preferLocal: false);
        }

        if (_pump is { Replaying: null } pump
            && State.Replays.Find(replay => replay is { Status: ReplayStatus.Running, Request.DryRun: false } && Ended(replay.Id) is null) is { } next)
        {
            pump.Begin(next);
        }
    }

    // True when something is to be saved.
    private bool FollowReplays()
    {
        var isNews = false;
        while (ImmutableInterlocked.TryDequeue(ref _replayed, out var ended))
        {
            Put(ended);
            isNews = true;
            if (SendsAllThatWasMissed(ended))
            {
                State.MissedSince = null;
            }
        }

        foreach (var count in _counts.ToList())
        {
            isNews |= Follow(count.Now());
            if (count.Now().Status != ReplayStatus.Running)
            {
                _counts.Remove(count);
            }
        }

        return (_pump?.Replaying is { } now && Follow(now)) || isNews;
    }

    private bool SendsAllThatWasMissed(Replay ended) =>
        ended is { Status: ReplayStatus.Completed, Failed: 0, Request: { MissedOnly: true, To: null, Events: null, ChargeBoxIds: null } request }
        && (request.From is not { } from || from <= State.MissedSince)
        && (State.RestedAt is not { } rested || ended.CreatedAt >= rested); // what it missed in a rest after that, it did not send

    private bool Follow(Replay now)
    {
        if (State.Replays.Find(replay => replay.Id == now.Id) is not { } saved || saved == now)
        {
            return false;
        }

        Put(now);
        return true;
    }

    private void Put(Replay replay)
    {
        State.Replays = [.. State.Replays.Select(other => other.Id == replay.Id ? replay : other)];
        var ended = State.Replays.FindAll(other => other.Status != ReplayStatus.Running);
        State.Replays.RemoveAll(other => ended.IndexOf(other) is >= 0 and var index && index < ended.Count - MostEnded);
    }
}

using System.Collections.Concurrent;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

internal sealed partial class WebhookGrain
{
    private const int MostRunning = 10;
    private const int MostEnded = 20;

    private readonly ConcurrentQueue<Replay> _replayed = [];

    public async Task<Replay> StartReplayAsync(ReplayRequest request)
    {
        if (_pump is not { } pump || _settings is not { } settings)
        {
            throw new RefusedException(RefusalKind.Conflict, $"Webhook {Id} is inactive. Activate it first.");
        }

        if (State.Replays.Count(replay => replay.Status == ReplayStatus.Running) >= MostRunning)
        {
            throw new RefusedException(RefusalKind.LimitReached, $"{MostRunning} replays of webhook {Id} run or wait. Let one end, or cancel it.");
        }

        // What has not had its first attempt will have it anyway.
        var upTo = pump.Position;
        var after = request.From is { } from ? Math.Min(upTo, await new JournalSearch(journal).BeforeAsync(settings.Tenant, from)) : 0;
        var replay = new Replay
        {
            Id = RandomId.New("rpl_"), Request = request, Status = ReplayStatus.Running, After = after, UpTo = upTo, Position = after, CreatedAt = time.GetUtcNow(),
        };
        State.Replays.Add(replay);
        await this.SaveAsync(webhook);
        BeginNextReplay();
        SaveWhileBusy();
        return replay;
    }

    public Task<IReadOnlyList<Replay>> ListReplaysAsync()
    {
        var now = _pump?.Replaying;
        return Task.FromResult<IReadOnlyList<Replay>>(
            [.. State.Replays.Select(replay => replay.Id == now?.Id ? now : Ended(replay.Id) ?? replay).OrderByDescending(replay => replay.CreatedAt)]);
    }

    public async Task<Replay?> CancelReplayAsync(string replayId)
    {
        if (State.Replays.Find(replay => replay.Id == replayId) is not { } found)
        {
            return null;
        }

        if (found.Status == ReplayStatus.Running)
        {
            found = _pump?.Cancel(replayId) ?? Ended(replayId) ?? found with { Status = ReplayStatus.Cancelled, EndedAt = time.GetUtcNow() };
            Put(found);
            await this.SaveAsync(webhook);
            BeginNextReplay();
        }

        return found;
    }

    // It has ended, and the state does not say so yet.
    private Replay? Ended(string replayId) => _replayed.FirstOrDefault(replay => replay.Id == replayId);

    private void BeginNextReplay()
    {
        if (_pump is { Replaying: null } pump && State.Replays.Find(replay => replay.Status == ReplayStatus.Running && Ended(replay.Id) is null) is { } next)
        {
            pump.Begin(next);
        }
    }

    // True when something is to be saved.
    private bool FollowReplays(DeliveryPump pump)
    {
        var isNews = false;
        while (_replayed.TryDequeue(out var ended))
        {
            Put(ended);
            isNews = true;
            if (ended.Request is { MissedOnly: true, DryRun: false })
            {
                State.MissedSince = null;
            }
        }

        BeginNextReplay();
        if (pump.Replaying is { } now && State.Replays.Find(replay => replay.Id == now.Id) is { } saved && saved != now)
        {
            Put(now);
            isNews = true;
        }

        return isNews;
    }

    private void Put(Replay replay)
    {
        State.Replays = [.. State.Replays.Select(other => other.Id == replay.Id ? replay : other)];
        var ended = State.Replays.FindAll(other => other.Status != ReplayStatus.Running);
        State.Replays.RemoveAll(other => ended.IndexOf(other) is >= 0 and var index && index < ended.Count - MostEnded);
    }
}

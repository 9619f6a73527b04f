using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Capacitor.Cluster.Tests;

/// <summary>How a request ended; no status when the connection broke. Commands have the tag by which the charger knows them.</summary>
internal sealed record ApiAnswer(string Request, HttpStatusCode? Status, string Text)
{
    public RoamingCharger? Charger { get; init; }

    public string? IdTag { get; init; }

    /// <summary>Of a command that was accepted.</summary>
    public string? CommandId { get; init; }

    /// <summary>True when it was asked after the fault was over: nothing is forgiven any more.</summary>
    public bool IsAfterFault { get; init; }

    /// <summary>True when the process that it was asked of had been told to stop: then a connection may be closed in the moment in which it is used.</summary>
    public bool IsAtStopping { get; init; }

    /// <summary>True for a command that its charger got.</summary>
    public bool HasArrived => IdTag is { } tag && Charger!.Got(tag);
}

/// <summary>
/// Integrators at work: they read lists and command chargers, each time at any Api, as behind a balancer. Slow chargers get one command after the other,
/// each when the last has ended.
/// </summary>
internal sealed class Traffic(Cluster cluster, IReadOnlyList<RoamingCharger> chargers)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(700);
    private static readonly string[] Lists = ["/api/v1/chargers?limit=5", "/api/v1/transactions?limit=5", "/api/v1/events?limit=5"];

    private readonly ConcurrentQueue<ApiAnswer> _answers = new();
    private readonly List<RoamingCharger> _quick = [.. chargers.Where(charger => !charger.IsSlow)];
    private volatile bool _isAfterFault;
    private int _commands;

    public IReadOnlyCollection<ApiAnswer> Answers => _answers;

    public Task RunAsync(CancellationToken stop) => Task.WhenAll(
    [
        RepeatAsync(ReadAsync, stop), RepeatAsync(ReadAsync, stop), RepeatAsync(CommandAnyAsync, stop), RepeatAsync(CommandAnyAsync, stop),
        .. chargers.Where(charger => charger.IsSlow).Select(charger => RepeatAsync(() => CommandAsync(cluster.AnyApi(), charger), stop)),
    ]);

    /// <summary>Asks every Api for every list, and commands every charger but the slow ones once, while all else goes on.</summary>
    public Task AskForEverythingAsync()
    {
        _isAfterFault = true;
        return Task.WhenAll(
        [
            .. cluster.Apis.SelectMany(api => Lists.Select(list => ReadAsync(api, list))),
            .. _quick.Select((charger, n) => CommandAsync(cluster.Apis[n % cluster.Apis.Count], charger)),
        ]);
    }

    private static async Task RepeatAsync(Func<Task> work, CancellationToken stop)
    {
        using var ticks = new PeriodicTimer(Pace);
        while (!stop.IsCancellationRequested)
        {
            await work();
            await ticks.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private Task ReadAsync() => ReadAsync(cluster.AnyApi(), Lists[Random.Shared.Next(Lists.Length)]);

    private Task ReadAsync(ClusterNode api, string list) => AskAsync(api.Run, new ApiAnswer(list, null, ""), () => api.Http.GetAsync(list));

    private Task CommandAnyAsync() => CommandAsync(cluster.AnyApi(), _quick[Random.Shared.Next(_quick.Count)]);

    private Task CommandAsync(ClusterNode api, RoamingCharger charger)
    {
        var path = $"/api/v1/chargers/{charger.Id}/remote-start";
        var tag = $"R{Interlocked.Increment(ref _commands)}";
        return AskAsync(api.Run, new ApiAnswer(path, null, "") { Charger = charger, IdTag = tag }, () => api.Http.PostAsJsonAsync(path, new { connectorId = 1, idTag = tag }));
    }

    private async Task AskAsync(NodeRun run, ApiAnswer question, Func<Task<HttpResponseMessage>> ask)
    {
        question = question with { IsAfterFault = _isAfterFault };
        try
        {
            using var answer = await ask();
            var text = await answer.Content.ReadAsStringAsync();
            _answers.Enqueue(answer.IsSuccessStatusCode
                ? question with { Status = answer.StatusCode, CommandId = question.IdTag is null ? null : JsonElement.Parse(text).GetProperty("commandId").GetString() }
                : question with { Status = answer.StatusCode, Text = text });
        }
        catch (HttpRequestException refused) when (refused.HttpRequestError == HttpRequestError.ConnectionError && !question.IsAfterFault)
        {
            // Nobody listens there: a balancer would have asked another.
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            _answers.Enqueue(question with { Text = broken.Message, IsAtStopping = run.End == RunEnd.Stopped });
        }
    }
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;

namespace Capacitor.Cluster.Tests;

/// <summary>How a request ended; no status when the connection broke. Commands have the tag by which the charger knows them.</summary>
internal sealed record ApiAnswer(string Request, HttpStatusCode? Status, string Text, string? Charger = null, string? IdTag = null);

/// <summary>Integrators at work: they read lists and command chargers, each time at any Api, as behind a balancer.</summary>
internal sealed class Traffic(Cluster cluster, IReadOnlyList<RoamingCharger> chargers)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(700);
    private static readonly string[] Lists = ["/api/v1/chargers?limit=5", "/api/v1/transactions?limit=5", "/api/v1/events?limit=5"];

    private readonly ConcurrentQueue<ApiAnswer> _answers = new();
    private int _commands;

    public IReadOnlyCollection<ApiAnswer> Answers => _answers;

    public Task RunAsync(CancellationToken stop) => Task.WhenAll(
        RepeatAsync(ReadAsync, stop), RepeatAsync(ReadAsync, stop), RepeatAsync(CommandAsync, stop), RepeatAsync(CommandAsync, stop));

    private static async Task RepeatAsync(Func<Task> work, CancellationToken stop)
    {
        using var ticks = new PeriodicTimer(Pace);
        while (!stop.IsCancellationRequested)
        {
            await work();
            await ticks.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private Task ReadAsync()
    {
        var path = Lists[Random.Shared.Next(Lists.Length)];
        return AskAsync(path, null, null, http => http.GetAsync(path));
    }

    private Task CommandAsync()
    {
        var charger = chargers[Random.Shared.Next(chargers.Count)].Id;
        var path = $"/api/v1/chargers/{charger}/remote-start";
        var tag = $"R{Interlocked.Increment(ref _commands)}";
        return AskAsync(path, charger, tag, http => http.PostAsJsonAsync(path, new { connectorId = 1, idTag = tag }));
    }

    private async Task AskAsync(string request, string? charger, string? tag, Func<HttpClient, Task<HttpResponseMessage>> ask)
    {
        try
        {
            using var answer = await ask(cluster.AnyApi().Http);
            var text = answer.IsSuccessStatusCode ? "" : await answer.Content.ReadAsStringAsync();
            _answers.Enqueue(new ApiAnswer(request, answer.StatusCode, text, charger, tag));
        }
        catch (HttpRequestException refused) when (refused.HttpRequestError == HttpRequestError.ConnectionError)
        {
            // Nobody listens there: a balancer would have asked another.
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            _answers.Enqueue(new ApiAnswer(request, null, broken.Message, charger, tag));
        }
    }
}

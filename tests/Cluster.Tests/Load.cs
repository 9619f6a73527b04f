using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.Cluster.Tests;

/// <summary>Chargers that charge, integrators that ask and command, and a webhook that hears of everything: while something breaks.</summary>
internal sealed class Load : IAsyncDisposable
{
    private const int ChargerCount = 30;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static int _loads;

    private readonly Cluster _cluster;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private string? _webhook;

    private Load(Cluster cluster, WebhookReceiver receiver, string webhook, string prefix, int slowChargers)
    {
        _cluster = cluster;
        _webhook = webhook;
        Receiver = receiver;
        Prefix = prefix;
        Chargers =
        [
            .. Enumerable.Range(1, ChargerCount).Select(n => new RoamingCharger(cluster, $"{prefix}{n}")),
            .. Enumerable.Range(1, slowChargers).Select(n => new RoamingCharger(cluster, $"{prefix}slow-{n}", isSlow: true)),
        ];
        Traffic = new Traffic(cluster, Chargers);
        _running = Task.WhenAll([.. Chargers.Select(charger => charger.RunAsync(_stop.Token)), CommandAsync()]);
    }

    public WebhookReceiver Receiver { get; }

    public IReadOnlyList<RoamingCharger> Chargers { get; }

    public Traffic Traffic { get; }

    /// <summary>With which the ids of this load's chargers begin, and of others that its webhook shall hear of.</summary>
    public string Prefix { get; }

    public TimeSpan LongestPause => Chargers.Max(charger => charger.LongestPause);

    /// <summary>Returns when every charger charges.</summary>
    public static async Task<Load> StartAsync(Cluster cluster, IPAddress? receiverAddress, int slowChargers)
    {
        var receiver = await WebhookReceiver.StartAsync(address: receiverAddress);
        (_, cluster.Cursor) = await JournalEvent.ReadAsync(cluster.AnyApi().Http, cluster.Cursor);
        using var registered = await cluster.AnyApi().Http.PostAsJsonAsync("/api/v1/webhooks", new { url = receiver.Url, events = new[] { "*" } });
        var body = await registered.Content.ReadAsStringAsync();
        Assert.True(registered.IsSuccessStatusCode, body);
        var webhook = JsonDocument.Parse(body).RootElement.GetProperty("id").GetString()!;
        var load = new Load(cluster, receiver, webhook, $"L{Interlocked.Increment(ref _loads)}-", slowChargers);
        try
        {
            await load.WaitForProgressAsync();
            return load;
        }
        catch
        {
            await load.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until every charger got an answer to something that it said after now.</summary>
    public Task WaitForProgressAsync() => Task.WhenAll(Chargers.Select(charger => charger.WaitForAnswerAsync()));

    /// <summary>Waits until the webhook has heard of such an event of each of these chargers.</summary>
    public async Task WaitForEventsAsync(string type, IEnumerable<string> chargers)
    {
        var missing = chargers.ToHashSet();
        for (var seen = 0; missing.Count > 0;)
        {
            var posts = await Receiver.WaitForAsync(seen + 1);
            foreach (var post in posts.Skip(seen))
            {
                using var body = JsonDocument.Parse(post.Body);
                if (body.RootElement.GetProperty("event").GetString() == type)
                {
                    missing.Remove(body.RootElement.GetProperty("data").GetProperty("chargeBoxId").GetString()!);
                }
            }

            seen = posts.Count;
        }
    }

    /// <summary>Shows that everything works again, lets what is under way come to its end, and counts.</summary>
    public async Task<Ledger> EndAsync()
    {
        await _cluster.WaitUntilReadyAsync();
        await Traffic.AskForEverythingAsync();
        await _stop.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromMinutes(3));
        var ledger = await Ledger.WriteAsync(_cluster, this);
        (await _cluster.AnyApi().Http.DeleteAsync($"/api/v1/webhooks/{_webhook}")).EnsureSuccessStatusCode();
        _webhook = null;
        return ledger;
    }

    /// <summary>Leaves nothing behind that would disturb the next load, as far as that can be had after a failure.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await CutAllAsync();
        await ((Task)_running.WaitAsync(Patience)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await CutAllAsync(); // what was just connecting
        await TryRemoveWebhookAsync();
        await Receiver.DisposeAsync();
        _stop.Dispose();
    }

    private Task CutAllAsync() => Task.WhenAll(Chargers.Select(charger => charger.DisposeAsync().AsTask()));

    private async Task TryRemoveWebhookAsync()
    {
        try
        {
            using var removed = _webhook is null ? null : await _cluster.AnyApi().Http.DeleteAsync($"/api/v1/webhooks/{_webhook}").WaitAsync(Patience);
        }
        catch (Exception failure) when (failure is HttpRequestException or TimeoutException or OperationCanceledException or ObjectDisposedException)
        {
            // The test has failed already, and what it did to the cluster is not healed yet.
        }
    }

    // Chargers are registered when they first connect, and not known before.
    private async Task CommandAsync()
    {
        await WaitForProgressAsync().WaitAsync(_stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Traffic.RunAsync(_stop.Token);
    }
}

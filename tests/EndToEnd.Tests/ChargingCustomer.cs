using System.Net.Http.Json;
using System.Text.Json;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.EndToEnd.Tests;

/// <summary>A tenant with a key, a signed webhook, and a charger that charges a car; knows what must be true of them after a restore.</summary>
internal sealed class ChargingCustomer
{
    private const string Charger = "CP1";
    private const string Secret = "secret-of-a-customer";
    private const int LastMeter = 42_000;

    private static readonly DateTimeOffset Begin = new(2026, 2, 6, 12, 0, 0, TimeSpan.Zero);

    private readonly WebhookReceiver _receiver;
    private readonly string _key;
    private readonly FakeCharger _charger;
    private readonly int _transaction;
    private int _postsBefore;

    private ChargingCustomer(WebhookReceiver receiver, string key, FakeCharger charger, int transaction) =>
        (_receiver, _key, _charger, _transaction) = (receiver, key, charger, transaction);

    /// <summary>Makes the tenant and all that it has; its charger has begun a transaction when this returns.</summary>
    public static async Task<ChargingCustomer> BeginAsync(ServerProcess server, WebhookReceiver receiver)
    {
        using var admin = new HttpClient { BaseAddress = server.Address, DefaultRequestHeaders = { { "X-Admin-Key", ServerProcess.AdminKey } } };
        var tenant = (await PostAsync(admin, "/api/v1/admin/tenants", new { name = "customer", tier = "scale" })).GetProperty("id").GetString();
        var key = (await PostAsync(admin, $"/api/v1/admin/tenants/{tenant}/api-keys", new { name = "first" })).GetProperty("key").GetString()!;
        using var http = ClientOf(server, key);
        await PostAsync(http, "/api/v1/chargers", new { chargeBoxId = Charger });
        await PostAsync(http, "/api/v1/webhooks", new { url = receiver.Url, events = new[] { "*" }, secret = Secret });

        var charger = await FakeCharger.ConnectAsync(server.OcppUrl, Charger);
        var started = await charger.CallAsync("StartTransaction", ChargerMessages.Start(1, "TAG", 0, Begin));
        return new(receiver, key, charger, started.Payload.GetProperty("transactionId").GetInt32());
    }

    /// <summary>Charges before, during and after a backup; what comes after it is lost by the restore.</summary>
    public async Task ChargeWhileAsync(Func<Task> backup)
    {
        await MeterAsync(1);
        var backingUp = backup();
        var meter = 1;
        do
        {
            await MeterAsync(++meter);
        }
        while (!backingUp.IsCompleted);

        await backingUp;
        await MeterAsync(++meter);
    }

    /// <summary>To be called when nothing runs: what the webhook gets from now on comes from what was restored.</summary>
    public async Task LoseConnectionAsync()
    {
        await _charger.DisposeAsync();
        _postsBefore = _receiver.Received.Count;
    }

    /// <summary>All that the tenant had is there, and works: its key, its webhook with its secret, its open transaction.</summary>
    public async Task GoOnAsync(ServerProcess server)
    {
        using var http = ClientOf(server, _key);
        var open = await http.GetFromJsonAsync<JsonElement>($"/api/v1/transactions/{_transaction}");
        Assert.Equal("in_progress", open.GetProperty("status").GetString());

        await using var charger = await FakeCharger.ConnectAsync(server.OcppUrl, Charger);
        var stopped = await charger.CallAsync("StopTransaction", ChargerMessages.Stop(_transaction, LastMeter, Begin.AddHours(1)));
        Assert.False(stopped.IsError);
        var record = await http.GetFromJsonAsync<JsonElement>($"/api/v1/transactions/{_transaction}");
        Assert.Equal(("completed", 0, LastMeter), (record.GetProperty("status").GetString(), record.GetProperty("meterStart").GetInt32(), record.GetProperty("meterStop").GetInt32()));
        Assert.Equal((42m, 60), (record.GetProperty("energyDelivered").GetDecimal(), record.GetProperty("durationMinutes").GetInt32()));

        var events = await ReadEventsAsync(http);
        Assert.Equal(Enumerable.Range(1, events.Count).Select(n => (long)n), events.Select(e => e.GetProperty("position").GetInt64()));
        Assert.Equal(events.Count, events.Select(Id).Distinct().Count());
        Assert.Equal(["charger.registered", "charger.connected", "transaction.started", "transaction.updated"], events.Take(4).Select(Kind));
        Assert.All(events.Skip(4).SkipLast(2), e => Assert.Equal("transaction.updated", Kind(e)));
        Assert.Equal(["charger.connected", "transaction.stopped"], events.TakeLast(2).Select(Kind));
        await AssertDeliveredAsync(events);
    }

    private static string? Id(JsonElement e) => e.GetProperty("id").GetString();

    private static string? Kind(JsonElement e) => e.GetProperty("event").GetString();

    private static HttpClient ClientOf(ServerProcess server, string key) => new(new CheckedAnswers()) { BaseAddress = server.Address, DefaultRequestHeaders = { { "X-API-Key", key } } };

    private static async Task<JsonElement> PostAsync(HttpClient http, string path, object body)
    {
        using var answer = await http.PostAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task<List<JsonElement>> ReadEventsAsync(HttpClient http)
    {
        List<JsonElement> events = [];
        var cursor = "0";
        while (true)
        {
            var page = await http.GetFromJsonAsync<JsonElement>($"/api/v1/events?after={cursor}&limit=100");
            if (page.GetProperty("events").GetArrayLength() == 0)
            {
                return events;
            }

            events.AddRange(page.GetProperty("events").EnumerateArray());
            cursor = page.GetProperty("pagination").GetProperty("nextCursor").GetString();
        }
    }

    // What was posted before and is posted again comes first, since the webhook's position is saved once a second.
    private async Task AssertDeliveredAsync(List<JsonElement> events)
    {
        List<ReceivedWebhook> posts = [];
        do
        {
            posts = [.. (await _receiver.WaitForAsync(_postsBefore + posts.Count + 1)).Skip(_postsBefore)];
        }
        while (!posts.Exists(post => post.Id == Id(events[^1])));

        Assert.All(posts, post => WebhookSignature.AssertBy(Secret, post));
        var told = posts.DistinctBy(post => post.Id).ToList();
        Assert.True(told.Count >= 2, "The charger's new connection was not told.");
        Assert.Equal(events.TakeLast(told.Count).Select(Id), told.Select(post => post.Id));
        Assert.Equal(events.TakeLast(told.Count).Select(Kind), told.Select(post => Kind(JsonDocument.Parse(post.Body).RootElement)));
    }

    private async Task MeterAsync(int meter) =>
        Assert.False((await _charger.CallAsync("MeterValues", ChargerMessages.Meter(_transaction, meter, Begin.AddSeconds(meter)))).IsError);
}

using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.EndToEnd.Tests;

/// <summary>The end of the process while events wait for a retry, for their first attempt, or for their line in the delivery log.</summary>
public class RetryCrashTests
{
    private const int Chargers = 9; // all deliveries fit in one page

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Kill_WhileTheEndpointFails_EveryEventIsDeliveredAndOnRecord()
    {
        using var data = new TemporaryDirectory();
        await using var receiver = await WebhookReceiver.StartAsync(ReceiverAnswers.StatusOf(webhook => webhook.Body.Length % 3 == 0 ? 503 : webhook.Body.Length % 3 == 1 ? 500 : 200));
        var first = await ServerProcess.StartAsync(data.Path);
        var webhook = await RegisterAsync(first, receiver.Url);
        await VisitAsync(first, "first");
        await receiver.WaitForAsync(10); // some of it: the rest is anywhere
        await first.KillAsync();
        await first.DisposeAsync();

        await using var second = await ServerProcess.StartAsync(data.Path);
        await VisitAsync(second, "second");
        receiver.Answer = ReceiverAnswers.Status(200);

        var events = await ListAsync(second, "/api/v1/events?limit=1000", "events");
        var deliveries = await UntilAllEndedAsync(second, webhook, events.Count);
        Assert.All(deliveries, delivery => Assert.Equal("delivered", delivery.GetProperty("status").GetString()));
        var ids = events.Select(item => item.GetProperty("id").GetString()).Order().ToList();
        Assert.Equal(ids, deliveries.Select(delivery => delivery.GetProperty("eventId").GetString()).Order());
        Assert.Equal(ids, receiver.Received.Select(post => post.Id).Distinct().Order());
        Assert.All(receiver.Received.GroupBy(post => post.Id), same => Assert.Single(same.Select(post => post.Text).Distinct()));
    }

    private static async Task<string> RegisterAsync(ServerProcess server, Uri url)
    {
        using var answer = await server.Http.PostAsJsonAsync(
            "/api/v1/webhooks", new { url, events = new[] { "*" }, retryPolicy = new { maxAttempts = 10, delaysSeconds = new[] { 1 } } });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    // Connects, boots, says one status a connector, and goes.
    private static Task VisitAsync(ServerProcess server, string prefix) => Task.WhenAll(Enumerable.Range(0, Chargers).Select(async n =>
    {
        var id = $"{prefix}-{n}";
        await server.RegisterChargerAsync(id);
        await using var charger = await FakeCharger.ConnectAsync(server.OcppUrl, id);
        await charger.CallAsync("BootNotification", ChargerMessages.Boot());
        for (var connector = 1; connector <= 5; connector++)
        {
            await charger.CallAsync("StatusNotification", $$"""{"connectorId":{{connector}},"errorCode":"NoError","status":"Available"}""");
        }

        await charger.CloseAsync();
    }));

    private static async Task<List<JsonElement>> UntilAllEndedAsync(ServerProcess server, string webhook, int events)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            var deliveries = await ListAsync(server, $"/api/v1/webhooks/{webhook}/deliveries?limit=200", "deliveries");
            if (deliveries.Count == events && deliveries.TrueForAll(delivery => delivery.GetProperty("status").GetString() != "pending"))
            {
                return deliveries;
            }

            Assert.True(
                Stopwatch.GetElapsedTime(since) < Patience,
                $"{deliveries.Count} of {events} deliveries are on record: {string.Join(", ", deliveries.CountBy(delivery => delivery.GetProperty("status").GetString()!))}");
        }
    }

    private static async Task<List<JsonElement>> ListAsync(ServerProcess server, string path, string name)
    {
        var page = await server.Http.GetFromJsonAsync<JsonElement>(path);
        return [.. page.GetProperty(name).EnumerateArray()];
    }
}

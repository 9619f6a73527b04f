using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.EndToEnd.Tests;

/// <summary>The end of the process while a replay is under way.</summary>
public class ReplayCrashTests
{
    private const int Chargers = 10;
    private const int EventsOfAVisit = 11;
    private const int Events = Chargers * EventsOfAVisit;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task End_InTheMiddleOfAReplay_ItGoesOnWithTheNextStart(bool isKilled)
    {
        using var data = new TemporaryDirectory();
        await using var receiver = await WebhookReceiver.StartAsync();
        var first = await ServerProcess.StartAsync(data.Path);
        var webhook = $"/api/v1/webhooks/{await first.RegisterWebhookAsync(receiver.Url)}";
        var path = webhook + "/replays";
        await VisitAsync(first);
        await receiver.WaitForAsync(Events);
        await UntilAsync(() => first.Http.GetFromJsonAsync<JsonElement>($"{webhook}/deliveries?limit=200"), log => log.GetProperty("deliveries").GetArrayLength() == Events);

        var replayed = 0;
        receiver.Answer = (context, post) => Interlocked.Increment(ref replayed) <= Events / 2 ? Task.CompletedTask : ReceiverAnswers.Hang(context, post);
        var replay = (await StartAsync(first, path)).GetProperty("id").GetString();
        await receiver.WaitForAsync(Events + (Events / 2) + 1);
        if (isKilled)
        {
            await first.KillAsync();
        }
        else
        {
            Assert.Equal(0, await first.StopAsync());
        }

        await first.DisposeAsync();
        receiver.Answer = ReceiverAnswers.Status(200);
        await using var second = await ServerProcess.StartAsync(data.Path);
        var ended = await UntilAsync(() => second.Http.GetFromJsonAsync<JsonElement>($"{path}/{replay}"), found => found.GetProperty("status").GetString() == "completed");

        Assert.Equal((1, Events, Events, 0), (Number(ended, "progress"), Number(ended, "matched"), Number(ended, "delivered"), Number(ended, "failed")));
        var again = receiver.Received.Skip(Events).ToList();
        Assert.Equal(receiver.Received.Take(Events).Select(post => post.Id).Order(), again.Select(post => post.Id).Distinct().Order());
        Assert.All(again, post => Assert.Equal("true", post.Headers["capacitor-replay"]));
        Assert.All(receiver.Received.GroupBy(post => post.Id), same => Assert.Single(same.Select(post => post.Text).Distinct()));
    }

    private static double Number(JsonElement item, string name) => item.GetProperty(name).GetDouble();

    // Is registered, connects, boots, says one status a connector, and goes; as a whole it is available, and then offline.
    private static Task VisitAsync(ServerProcess server) => Task.WhenAll(Enumerable.Range(0, Chargers).Select(async n =>
    {
        await server.RegisterChargerAsync($"C{n}");
        await using var charger = await FakeCharger.ConnectAsync(server.OcppUrl, $"C{n}");
        await charger.CallAsync("BootNotification", ChargerMessages.Boot());
        for (var connector = 1; connector <= EventsOfAVisit - 6; connector++)
        {
            await charger.CallAsync("StatusNotification", $$"""{"connectorId":{{connector}},"errorCode":"NoError","status":"Available"}""");
        }

        await charger.CloseAsync();
    }));

    private static async Task<JsonElement> StartAsync(ServerProcess server, string path)
    {
        using var answer = await server.Http.PostAsJsonAsync(path, new { from = "2020-01-01T00:00:00Z" });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task<JsonElement> UntilAsync(Func<Task<JsonElement>> ask, Func<JsonElement, bool> isSo)
    {
        for (var since = Stopwatch.GetTimestamp(); ;)
        {
            var found = await ask();
            if (isSo(found))
            {
                return found;
            }

            Assert.True(Stopwatch.GetElapsedTime(since) < Patience, $"It stays {found}");
        }
    }
}

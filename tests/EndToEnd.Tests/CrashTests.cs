using System.Globalization;
using System.Text.Json;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.EndToEnd.Tests;

/// <summary>SIGKILL in full flow: whatever a charger was told survives, and its event arrives.</summary>
public class CrashTests
{
    private const int Chargers = 20;

    [Fact]
    public async Task Kill_InFullFlow_LosesNothingThatWasAcknowledged()
    {
        using var data = new TemporaryDirectory();
        await using var receiver = await WebhookReceiver.StartAsync();
        var first = await ServerProcess.StartAsync(data.Path);
        await first.RegisterWebhookAsync(receiver.Url);
        var chargers = Enumerable.Range(0, Chargers).Select(i => new PersistentCharger($"CP{i}")).ToList();
        foreach (var charger in chargers)
        {
            await first.RegisterChargerAsync(charger.Id);
        }

        var running = chargers.Select(charger => charger.ChargeUntilCutAsync(first.OcppUrl)).ToList();
        await receiver.WaitForAsync(600);
        await first.KillAsync();
        await Task.WhenAll(running);
        await first.DisposeAsync();

        await using var second = await ServerProcess.StartAsync(data.Path);
        await Task.WhenAll(chargers.Select(charger => charger.FinishAsync(second.OcppUrl)));

        foreach (var charger in chargers)
        {
            await WaitForLastStopAsync(receiver, charger);
        }

        var posts = receiver.Received;
        AssertSameIdMeansSameBody(posts);
        AssertIdsUnique(chargers);
        foreach (var charger in chargers)
        {
            charger.AssertTold([.. posts.Where(post => post.Text.Contains($"\"{charger.Id}\"", StringComparison.Ordinal)).DistinctBy(post => post.Id)]);
        }
    }

    private static async Task WaitForLastStopAsync(WebhookReceiver receiver, PersistentCharger charger)
    {
        var count = 0;
        while (true)
        {
            var posts = await receiver.WaitForAsync(count + 1);
            if (posts.Any(post => post.Text.Contains("transaction.stopped", StringComparison.Ordinal)
                && post.Text.Contains($"\"transactionId\":{charger.Sessions[^1].TransactionId},", StringComparison.Ordinal)))
            {
                return;
            }

            count = posts.Count;
        }
    }

    private static void AssertSameIdMeansSameBody(IReadOnlyList<ReceivedWebhook> posts) =>
        Assert.All(posts.GroupBy(post => post.Id), same => Assert.Single(same.Select(post => post.Text).Distinct()));

    private static void AssertIdsUnique(IEnumerable<PersistentCharger> chargers)
    {
        var ids = chargers.SelectMany(charger => charger.Sessions).Select(session => session.TransactionId).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(ids, id => Assert.True(id > 0));
    }

    private sealed class Session
    {
        public required int Number { get; init; }

        public int? TransactionId { get; set; }

        public int MetersTold { get; set; }

        public bool Stopped { get; set; }
    }

    /// <summary>A charger that repeats what was not answered, as it must.</summary>
    private sealed class PersistentCharger(string id)
    {
        private const int Meters = 3;
        private static readonly DateTimeOffset Begin = new(2026, 2, 6, 12, 0, 0, TimeSpan.Zero);

        public string Id => id;

        public List<Session> Sessions { get; } = [];

        public async Task ChargeUntilCutAsync(string url)
        {
            await using var charger = await FakeCharger.ConnectAsync(url, id);
            try
            {
                while (true)
                {
                    Sessions.Add(new Session { Number = Sessions.Count });
                    await LiveAsync(charger, Sessions[^1]);
                }
            }
            catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
            {
                // The server was killed: what was answered is in the session.
            }
        }

        public async Task FinishAsync(string url)
        {
            await using var charger = await FakeCharger.ConnectAsync(url, id);
            await LiveAsync(charger, Sessions[^1]);
        }

        public void AssertTold(IReadOnlyList<ReceivedWebhook> posts)
        {
            var told = posts.Select(post => JsonDocument.Parse(post.Body).RootElement)
                .Where(e => e.GetProperty("event").GetString()!.StartsWith("transaction.", StringComparison.Ordinal))
                .Select(e => $"{e.GetProperty("event").GetString()} {e.GetProperty("data").GetProperty("transactionId").GetInt32()}");
            var expected = Sessions.SelectMany(session => new[] { $"transaction.started {session.TransactionId}" }
                .Concat(Enumerable.Repeat($"transaction.updated {session.TransactionId}", Meters))
                .Append($"transaction.stopped {session.TransactionId}"));
            Assert.Equal(expected, told);
        }

        private async Task LiveAsync(FakeCharger charger, Session session)
        {
            var start = Begin.AddMinutes(session.Number);
            if (session.TransactionId is null)
            {
                var answer = await charger.CallAsync(
                    "StartTransaction", $$"""{"connectorId":1,"idTag":"TAG","meterStart":{{session.Number * 100}},"timestamp":"{{Text(start)}}"}""");
                session.TransactionId = answer.Payload.GetProperty("transactionId").GetInt32();
            }

            while (session.MetersTold < Meters)
            {
                var meter = (session.Number * 100) + session.MetersTold;
                await charger.CallAsync("MeterValues", $$"""
                    {"connectorId":1,"transactionId":{{session.TransactionId}},"meterValue":[{"timestamp":"{{Text(start.AddSeconds(session.MetersTold))}}","sampledValue":[{"value":"{{meter}}"}]}]}
                    """);
                session.MetersTold++;
            }

            if (!session.Stopped)
            {
                await charger.CallAsync(
                    "StopTransaction", $$"""{"transactionId":{{session.TransactionId}},"meterStop":{{(session.Number * 100) + 50}},"timestamp":"{{Text(start.AddSeconds(30))}}"}""");
                session.Stopped = true;
            }
        }

        private static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }
}

using Capacitor.Testing;
using Xunit;

namespace Capacitor.EndToEnd.Tests;

/// <summary>The end of the process in full flow: whatever a charger was told survives, and its event arrives.</summary>
public class CrashTests
{
    private const int Chargers = 20;

    [Fact]
    public Task Kill_InFullFlow_LosesNothingThatWasAcknowledged() => EndInFullFlowAsync(server => server.KillAsync());

    [Fact]
    public Task SigTerm_InFullFlow_LosesNothingThatWasAcknowledged() =>
        EndInFullFlowAsync(async server => Assert.Equal(0, await server.StopAsync()));

    private static async Task EndInFullFlowAsync(Func<ServerProcess, Task> end)
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
        await end(first);
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
}

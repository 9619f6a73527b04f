using Xunit;
using Xunit.Abstractions;

namespace Capacitor.Cluster.Tests;

/// <summary>An Api that dies with its sockets, and a charger that has two sockets at once.</summary>
[Collection(SharedCluster.Name)]
public sealed class ApiFaultTests(ClusterFixture fixture, ITestOutputHelper output) : FaultTests(fixture, output)
{
    private const int IdleSockets = 500;
    private const int StayingAway = 50;
    private const int Rounds = 10;

    [Fact(Timeout = Bound)]
    public async Task Kill_AnApiWithFiveHundredSockets_OnlyThoseThatStayAwayAreReported()
    {
        List<string> away = [];
        List<string> back = [];
        var ledger = await UnderLoadAsync(Forgiven.LostCommands | Forgiven.BrokenRequests, async load =>
        {
            var ids = Enumerable.Range(1, IdleSockets).Select(n => $"{load.Prefix}idle-{n}").ToList();
            away = ids[..StayingAway];
            back = ids[StayingAway..];
            await using var before = new ParkedChargers();
            await before.ConnectAsync(Cluster.Apis[0], ids);
            await before.BeatAsync();
            await Cluster.Apis[0].KillAsync();

            await using var after = new ParkedChargers();
            await after.ConnectAsync(Cluster.Apis[1], back);
            await after.BeatAsync();
            await load.WaitForProgressAsync();
            await load.WaitForEventsAsync("charger.disconnected", away);
            await Cluster.Apis[0].StartAsync();
            await load.WaitForProgressAsync();
        });

        foreach (var charger in away)
        {
            Assert.Equal(["charger.connected", "disconnected server_shutdown"], ledger.StoriesOf(charger));
        }

        foreach (var charger in back)
        {
            var stories = ledger.StoriesOf(charger);
            Assert.Equal(["charger.connected", "charger.connected"], stories.Take(2));
            Assert.All(stories.Skip(2), story => Assert.Equal("disconnected closed", story)); // by the test's end
        }
    }

    [Fact(Timeout = Bound)]
    public async Task Connect_TheSameChargerToTwoApisAgainAndAgain_TheLastOneWins()
    {
        var id = "";
        var sockets = new List<Contender>();
        var ledger = await UnderLoadAsync(Forgiven.Nothing, async load =>
        {
            id = $"{load.Prefix}twin";
            for (var round = 1; round <= Rounds; round++)
            {
                var both = await Task.WhenAll(Cluster.Apis.Select((api, n) => Contender.ConnectAsync(api.Run.OcppUrl, id, $"{round}{(char)('a' + n)}")));
                sockets.AddRange(both);
                var loser = await await Task.WhenAny(both.Select(async contender => (Contender: contender, Close: await contender.WaitForCloseAsync())));
                Assert.Equal("A newer connection of this charger took over.", loser.Close.Reason);
                await both.Single(contender => contender != loser.Contender).WaitForAnswersAsync(3);
            }

            await Task.WhenAll(sockets.SkipLast(2).Select(contender => contender.WaitForCloseAsync()));
            foreach (var contender in sockets)
            {
                await contender.StopAsync();
            }
        });

        // Between two connections in the journal, only one socket has spoken.
        var stories = ledger.StoriesOf(id);
        Assert.Equal(sockets.Count, stories.Count(story => story == "charger.connected"));
        Assert.All(Reigns(stories), reign => Assert.True(reign.Select(Contender.NameIn).Distinct().Count() <= 1, string.Join(", ", reign)));
        foreach (var contender in sockets)
        {
            var stored = stories.Where(story => Contender.NameIn(story) == contender.Name).ToList();
            Assert.Equal(stored.Distinct(), stored);
            Assert.Equal(contender.Told, stored.Where(contender.Told.Contains));
        }
    }

    private static List<List<string>> Reigns(IEnumerable<string> stories)
    {
        List<List<string>> reigns = [];
        foreach (var story in stories)
        {
            if (story == "charger.connected")
            {
                reigns.Add([]);
            }
            else if (story.StartsWith("status", StringComparison.Ordinal))
            {
                reigns[^1].Add(story);
            }
        }

        return reigns;
    }
}

using System.Net.Sockets;
using System.Text;

namespace Capacitor.Api.Tests.Events;

/// <summary>What takes a clock, a journal that fails, or numbers of one's own choice.</summary>
public sealed class EventFeedTests
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(20);

    private readonly FakeRecords _records = new();

    [Fact]
    public async Task Stream_WhileNothingComes_BeatsEveryFifteenSecondsAndAsksForNothing()
    {
        var time = new WatchedTime();
        await using var server = await FakeEventServer.StartAsync(_records, time);
        using var stream = await StreamReading.BeginAsync(server.Http);
        Assert.Equal("2", stream.First.Id);

        await time.PassAsync(TimeSpan.FromSeconds(15));
        var second = await stream.NextAsync();
        var asked = _records.Asked;
        await time.PassAsync(TimeSpan.FromSeconds(15));
        var third = await stream.NextAsync();

        Assert.True(second!.IsHeartbeat && third!.IsHeartbeat);
        Assert.Null(second.Id); // nothing has moved since it was said
        Assert.Equal(asked, _records.Asked);
    }

    [Fact]
    public async Task Stream_OfNumberedEvents_HasTheirNumbers()
    {
        await using var server = await FakeEventServer.StartAsync(_records);
        using var stream = await StreamReading.BeginAsync(server.Http);
        _records.Add("""{"event":"a"}""");
        _records.Add("""{"event":"b"}""", sequence: 41, chargerSequence: 7);

        var frames = await stream.EventsAsync(2);

        Assert.Equal(["id", "event", "webhook-id", "data"], frames[0].Fields.Keys);
        Assert.Equal(["id", "event", "webhook-id", "sequence", "charger-sequence", "data"], frames[1].Fields.Keys);
        Assert.Equal(("6", "charger.boot", "evt_6", "41", "7", """{"event":"b"}"""),
            (frames[1].Id, frames[1].Type, frames[1].Field("webhook-id"), frames[1].Field("sequence"), frames[1].Field("charger-sequence"), frames[1].Data));
    }

    [Theory]
    [InlineData("{\n}")]
    [InlineData("{\r\n  \"a\": 1\r\n}")]
    [InlineData("{\r\"a\":\r\n1}\n")]
    public async Task Stream_BodyOfSeveralLines_IsOneEventWithTheSameMeaning(string body)
    {
        await using var server = await FakeEventServer.StartAsync(_records);
        using var stream = await StreamReading.BeginAsync(server.Http);
        _records.Add(body);
        _records.Add("{}");

        var frames = await stream.EventsAsync(2);

        Assert.Equal(body.ReplaceLineEndings("\n").Replace("  ", "", StringComparison.Ordinal), frames[0].Data);
        Assert.Equal("{}", frames[1].Data);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?type=charger.*")]
    public async Task Stream_SilosDie_LosesNothingAndBringsNothingTwice(string query)
    {
        var time = new WatchedTime();
        await using var server = await FakeEventServer.StartAsync(_records, time);
        using var stream = await StreamReading.BeginAsync(server.Http, query);
        List<string?> seen = [];
        for (var number = 0; number < 5; number++)
        {
            _records.Failures = 2;
            _records.Add($$"""{"number":{{number}}}""");
            await time.PassAsync(RetryPause);
            await time.PassAsync(RetryPause);
            seen.Add((await stream.EventsAsync(1))[0].Data);
            await time.PassAsync(Gathering);
        }

        Assert.Equal(Enumerable.Range(0, 5).Select(number => $$"""{"number":{{number}}}"""), seen);
    }

    [Fact]
    public async Task Stream_ClientTakesNothing_HoldsAPageAndIsCutAfterAMinute()
    {
        var body = $$"""{"filling":"{{new string('x', 64 * 1024)}}"}""";
        for (var number = 0; number < 1_000; number++)
        {
            _records.Add(body);
        }

        var time = new WatchedTime();
        await using var server = await FakeEventServer.StartAsync(_records, time);
        using var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(server.Http.BaseAddress!.Host, server.Http.BaseAddress.Port);
        var socket = client.GetStream();
        await socket.WriteAsync(Encoding.ASCII.GetBytes("GET /api/v1/events/stream?after=0 HTTP/1.1\r\nHost: x\r\nX-API-Key: cap_live_fake\r\n\r\n"));
        var first = new byte[1];
        await socket.ReadExactlyAsync(first); // and nothing more

        // The kernel's buffers fill first, so that more than one write may have to wait. The last of them waits for ever.
        while (server.Streams.CountOf(FakeRecords.Tenant) > 0)
        {
            await time.PassAsync(TimeSpan.FromMinutes(1), orUntil: () => server.Streams.CountOf(FakeRecords.Tenant) == 0);
        }

        Assert.InRange(_records.Asked, 1, 4); // all would be ten pages
    }

    [Fact]
    public async Task Get_AfterASequence_FindsTheGapWhereverItIs()
    {
        for (var number = 0; number < 40; number++)
        {
            _records.Add($$"""{"number":{{number}}}""", sequence: Math.Max(0, number - 4), chargerSequence: 1); // the first are of a version that did not count
        }

        await using var server = await FakeEventServer.StartAsync(_records);

        for (var sequence = 0; sequence <= 36; sequence++)
        {
            var reply = await server.Http.SendAsync("GET", $"/api/v1/events?afterSequence={sequence}&limit=3");
            Assert.Equal(Enumerable.Range(sequence + 1, 3).Where(wanted => wanted <= 35), reply.Json.GetProperty("events").EnumerateArray()
                .Select(item => item.GetProperty("sequence").GetInt32()));
        }

        Assert.Contains(""""{"id":"evt_18","position":18,"sequence":1,"chargerSequence":1,"number":5}"""", (await server.Http.SendAsync("GET", "/api/v1/events?afterSequence=0")).Body, StringComparison.Ordinal);
        Assert.StartsWith("""{"events":[{"id":"evt_3","position":3,"chargerSequence":1,"number":0}""", (await server.Http.SendAsync("GET", "/api/v1/events?limit=1")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_AfterASequenceOfOldOnes_LooksSeldom()
    {
        for (var number = 1; number <= 100_000; number++)
        {
            _records.Add("""{"event":"x"}""", sequence: number);
        }

        await using var server = await FakeEventServer.StartAsync(_records);

        Assert.Equal(77_778, (await server.Http.SendAsync("GET", "/api/v1/events?afterSequence=77777&limit=1")).Json.GetProperty("events")[0].GetProperty("sequence").GetInt32());
        Assert.InRange(_records.Asked, 1, 21);
    }
}

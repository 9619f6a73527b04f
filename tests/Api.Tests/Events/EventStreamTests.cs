using System.Text;
using Capacitor.Events;
using Capacitor.Tenants;
using Capacitor.Testing;

namespace Capacitor.Api.Tests.Events;

/// <summary>The stream of the real server, with real chargers.</summary>
[Collection(ApiServer.Collection)]
public sealed class EventStreamTests(ApiServer server)
{
    private const string Path = "/api/v1/events/stream";

    /// <summary>The events of a charger that is there: registered, connected, booted, a connector and with it the charger occupied.</summary>
    private const int Begun = 5;

    private static int _lastChange;

    [Fact]
    public async Task Stream_WithoutAStart_BringsWhatHappensFromNowOnInOrder()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Free);
        await using var charger = await ConnectAsync(tenant);
        using var stream = await StreamReading.BeginAsync(tenant.Http);

        await ChangeAsync(charger, 3);
        var frames = await stream.EventsAsync(3);

        Assert.Equal("text/event-stream", stream.Response.Content.Headers.ContentType?.ToString());
        Assert.Equal(["no"], stream.Response.Headers.GetValues("X-Accel-Buffering"));
        Assert.True(stream.Response.Headers.CacheControl is { NoStore: true, NoTransform: true });
        Assert.Equal((await BodiesAsync(tenant)).Skip(Begun), frames.Select(Told));
    }

    [Fact]
    public async Task Stream_FromTheBeginning_BringsWhatWasAndWhatComes()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Scale);
        await using var charger = await ConnectAsync(tenant);
        using var stream = await StreamReading.BeginAsync(tenant.Http, "?after=0");
        var before = await stream.EventsAsync(Begun);

        await ChangeAsync(charger, 3);
        var later = await stream.EventsAsync(3);

        Assert.Equal(await BodiesAsync(tenant), before.Concat(later).Select(Told));
    }

    [Fact]
    public async Task Stream_LongerThanAPage_BringsAllOfIt()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Scale);
        await using var charger = await ConnectAsync(tenant);
        await ChangeAsync(charger, 250 - Begun);
        using var stream = await StreamReading.BeginAsync(tenant.Http, "?after=0");
        using var some = await StreamReading.BeginAsync(tenant.Http, "?after=0&type=connector.*,transaction.*");

        var all = await BodiesAsync(tenant);
        Assert.Equal(250, all.Count);
        Assert.Equal(all, (await stream.EventsAsync(250)).Select(Told));
        Assert.Equal(all.Where(item => item.Type == EventTypes.ConnectorStatusChanged), (await some.EventsAsync(251 - Begun)).Select(Told));
    }

    [Fact]
    public async Task Numbers_OfTwoChargers_LeaveNoneOut_AndAGapCanBeAskedFor()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Scale);
        using var stream = await StreamReading.BeginAsync(tenant.Http);
        await using var one = await ConnectAsync(tenant);
        await using var other = await ConnectAsync(tenant);
        for (var change = 0; change < 4; change++)
        {
            await ChangeAsync(one, 1);
            await ChangeAsync(other, 1);
        }

        var frames = await stream.EventsAsync(18);
        var gap = await tenant.Http.SendAsync("GET", "/api/v1/events?afterSequence=4&limit=3");
        var filtered = await tenant.Http.SendAsync("GET", "/api/v1/events?afterSequence=2&type=charger.*");

        Assert.Equal(Numbers(1, 18), frames.Select(frame => frame.Field("sequence")));
        Assert.All(frames.GroupBy(Charger), own => Assert.Equal(Numbers(1, 9), own.Select(frame => frame.Field("charger-sequence"))));
        Assert.Equal(frames[4..7].Select(Id), gap.Json.GetProperty("events").EnumerateArray().Select(item => item.GetProperty("id").GetString()));
        Assert.Equal([5, 6, 7], gap.Json.GetProperty("events").EnumerateArray().Select(item => item.GetProperty("sequence").GetInt32()));
        Assert.Equal(frames[2..].Where(frame => frame.Type!.StartsWith("charger.", StringComparison.Ordinal)).Select(Id), filtered.Json.GetProperty("events").EnumerateArray().Select(item => item.GetProperty("id").GetString()));
        Assert.Equal(["id", "position", "sequence", "chargerSequence", "event", "timestamp", "data"], Reply.Names(gap.Json.GetProperty("events")[0]));
        static IEnumerable<string?> Numbers(int first, int count) => Enumerable.Range(first, count).Select(number => $"{number}");
        static string? Id(StreamFrame frame) => frame.Field("webhook-id");
        static string? Charger(StreamFrame frame) => System.Text.Json.JsonElement.Parse(frame.Data!).GetProperty("data").GetProperty("chargeBoxId").GetString();
    }

    [Fact]
    public async Task Stream_CutAndBegunAgain_LosesNothingAndBringsNothingTwice()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Scale);
        await using var charger = await ConnectAsync(tenant);
        List<StreamFrame> seen = [];
        using (var idle = await StreamReading.BeginAsync(tenant.Http, "?after=0"))
        {
            await ChangeAsync(charger, 2);
            seen.AddRange(await idle.EventsAsync(Begun + 1)); // and the next is on its way when the connection goes
        }

        await ChangeAsync(charger, 2);
        using (var again = await StreamReading.BeginAsync(tenant.Http, "?after=0", seen[^1].Id))
        {
            seen.AddRange(await again.EventsAsync(2));
        }

        await ChangeAsync(charger, 1);
        using var live = await StreamReading.BeginAsync(tenant.Http, lastEventId: seen[^1].Id);
        seen.AddRange(await live.EventsAsync(2));

        Assert.Equal(await BodiesAsync(tenant), seen.Select(Told));
    }

    [Fact]
    public async Task Stream_CutBeforeItsFirstEvent_GoesOnFromWhereItBegan()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Scale);
        await using var charger = await ConnectAsync(tenant);
        string? told;
        using (var idle = await StreamReading.BeginAsync(tenant.Http))
        {
            told = idle.First.Id;
            Assert.Equal("1000", idle.First.Field("retry"));
        }

        await ChangeAsync(charger, 1);
        using var stream = await StreamReading.BeginAsync(tenant.Http, lastEventId: told);

        Assert.Equal((await BodiesAsync(tenant)).TakeLast(1), (await stream.EventsAsync(1)).Select(Told));
    }

    [Theory]
    [InlineData("?type=charger.boot,charger.connected", "charger.connected", "charger.boot")]
    [InlineData("?type=charger.boot&type=charger.connected", "charger.connected", "charger.boot")]
    [InlineData("?type=connector.*&type=charger.boot", "charger.boot", "connector.status_changed")]
    [InlineData("?type=connector.*", "connector.status_changed", "connector.status_changed")]
    [InlineData("?type=*", "charger.registered", "charger.connected")]
    public async Task Stream_OfSomeTypes_BringsThoseOnly(string query, params string[] expected)
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Scale);
        using var live = await StreamReading.BeginAsync(tenant.Http, query);
        await using var charger = await ConnectAsync(tenant);
        await ChangeAsync(charger, 2);
        using var past = await StreamReading.BeginAsync(tenant.Http, query + "&after=0");

        Assert.Equal(expected, (await live.EventsAsync(2)).Select(frame => frame.Type));
        Assert.Equal(expected, (await past.EventsAsync(2)).Select(frame => frame.Type));
        Assert.Equal(expected, (await tenant.Http.SendAsync("GET", $"/api/v1/events{query}&limit=2")).Json.GetProperty("events").EnumerateArray()
            .Select(item => item.GetProperty("event").GetString()));
    }

    [Fact]
    public async Task Stream_OfACharger_BringsItsEventsOnly_AndNeverThoseOfOthers()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Scale);
        var one = await server.AddChargerAsync(tenant.Http);
        using var stream = await StreamReading.BeginAsync(tenant.Http, $"?chargeBoxId={one.ToLowerInvariant()}");

        await using var foreign = await server.ConnectAsync(await server.AddChargerAsync());
        await ChangeAsync(foreign, 1);
        await using var other = await ConnectAsync(tenant);
        await ChangeAsync(other, 1);
        await using var charger = await server.ConnectAsync(one);
        await ChangeAsync(charger, 2);

        Assert.All(await stream.EventsAsync(3), frame => Assert.Contains($"\"{one}\"", frame.Data, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stream_BesideAWebhook_HasTheBytesThatTheWebhookGets()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Scale);
        await using var receiver = await WebhookReceiver.StartAsync();
        var created = await tenant.Http.SendAsync("POST", "/api/v1/webhooks", $$"""{"url":"{{receiver.Url}}","events":["charger.boot","connector.status_changed"]}""");
        Assert.Equal(201, created.Status);
        using var stream = await StreamReading.BeginAsync(tenant.Http, "?type=charger.boot,connector.*");

        await using var charger = await ConnectAsync(tenant, """Ünïcode ⚡ \n \u0007""");
        await ChangeAsync(charger, 1);
        var frames = await stream.EventsAsync(3);
        var posts = await receiver.WaitForAsync(3);

        Assert.Equal(posts.Select(post => (post.Id, Convert.ToHexString(post.Body))), frames.Select(frame => (frame.Field("webhook-id")!, Convert.ToHexString(Encoding.UTF8.GetBytes(frame.Data!)))));
    }

    [Theory]
    [InlineData("?after=-1", "'after' must be a whole number from 0 up")]
    [InlineData("?type=charger.exploded", "charger.connected")]
    [InlineData("?type=*,nothing.*", "'type' must name events")]
    [InlineData("?type=charger*", "'type' must name events")]
    [InlineData("?chargeBoxId=%20", "'chargeBoxId'")]
    public async Task Stream_WrongQuery_IsRefusedInWords(string query, string message) =>
        (await server.Http.SendAsync("GET", Path + query)).AssertError(400, "VALIDATION_ERROR", message);

    [Fact]
    public async Task Stream_LastEventIdThatIsNone_IsRefusedInWords() =>
        (await server.Http.SendAsync("GET", Path, null, ("Last-Event-ID", "evt_1"))).AssertError(400, "VALIDATION_ERROR", "Last-Event-ID must be");

    [Fact]
    public async Task Stream_WithoutAKey_IsRefused() => (await server.Capacitor.Anonymous.SendAsync("GET", Path)).AssertError(401, "UNAUTHORIZED");

    [Fact]
    public async Task Stream_AskedForItsHeadersOnly_Ends()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, Path);
        using var response = await server.Http.SendAsync(request);

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.ToString());
    }

    /// <summary>A charger of which any change of another connector is one event: as a whole it is occupied already.</summary>
    private async Task<FakeCharger> ConnectAsync(TestTenant tenant, string vendor = "V")
    {
        var charger = await server.ConnectAsync(await server.AddChargerAsync(tenant.Http));
        await charger.CallAsync("BootNotification", $$"""{"chargePointVendor":"{{vendor}}","chargePointModel":"M"}""");
        await charger.CallAsync("StatusNotification", """{"connectorId":255,"errorCode":"NoError","status":"Charging"}""");
        return charger;
    }

    /// <summary>Another event each.</summary>
    private static async Task ChangeAsync(FakeCharger charger, int times)
    {
        for (var time = 0; time < times; time++)
        {
            var change = Interlocked.Increment(ref _lastChange);
            var status = change / 200 % 2 == 0 ? "Preparing" : "Charging";
            await charger.CallAsync("StatusNotification", $$"""{"connectorId":{{(change % 200) + 1}},"errorCode":"NoError","status":"{{status}}"}""");
        }
    }

    private static (string?, string?, string?, string?) Told(StreamFrame frame) => (frame.Id, frame.Type, frame.Field("webhook-id"), frame.Data);

    private async Task<List<(string? Id, string? Type, string? Webhook, string? Body)>> BodiesAsync(TestTenant tenant)
    {
        var page = await server.Capacitor.Grains.GetGrain<ITenantRecordsGrain>(tenant.Id.GrainKey).ReadEventsAsync(0, 1_000, null, null);
        return [.. page.Events.Select(item => ((string?)$"{item.Position}", (string?)item.Type, (string?)item.Id, (string?)Encoding.UTF8.GetString(item.Body)))];
    }
}

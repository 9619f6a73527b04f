using System.Diagnostics;
using System.Text.Json;
using Capacitor.Tenants;
using Capacitor.Testing;

namespace Capacitor.Api.Tests.Webhooks;

/// <summary>What a tenant sees of its deliveries, and what it can have sent again.</summary>
[Collection(ApiServer.Collection)]
public sealed class DeliveryApiTests(ApiServer server) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private WebhookReceiver _receiver = null!;
    private TestTenant _tenant = null!;
    private string _path = "";
    private string _charger = "";

    public async Task InitializeAsync()
    {
        _receiver = await WebhookReceiver.StartAsync();
        _tenant = await server.Capacitor.AddTenantAsync(Tier.Scale);
        _charger = await server.AddChargerAsync(_tenant.Http); // before there is a webhook, which so sees visits only
        _path = $"/api/v1/webhooks/{await RegisterAsync(_tenant.Http)}";
    }

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task List_NewestFirst_ShowsEveryAttempt()
    {
        _receiver.Answer = ReceiverAnswers.StatusOf(webhook => webhook.Text.Contains("charger.boot", StringComparison.Ordinal) ? 500 : 200);
        await VisitAsync();

        var deliveries = await UntilAsync(3);
        Assert.Equal(["charger.disconnected", "charger.boot", "charger.connected"], deliveries.Select(item => item.GetProperty("event").GetString()));
        Assert.Equal(["delivered", "exhausted", "delivered"], deliveries.Select(item => item.GetProperty("status").GetString()));
        Assert.All(deliveries, item => Assert.Equal((_charger, 1), (item.GetProperty("chargeBoxId").GetString(), item.GetProperty("attemptCount").GetInt32())));
        Assert.Equal(_receiver.Received.Select(webhook => webhook.Id).Order(), deliveries.Select(item => item.GetProperty("eventId").GetString()).Order());
        var attempt = deliveries[1].GetProperty("attempts")[0];
        Assert.Equal((500, "rejected", "auto"), (attempt.GetProperty("statusCode").GetInt32(), Text(attempt, "outcome"), Text(attempt, "trigger")));
    }

    [Fact]
    public async Task List_InPages_ShowsEachOnce()
    {
        await VisitAsync();
        var all = (await UntilAsync(3)).Select(item => Text(item, "id")).ToList();

        var seen = new List<string?>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = (await GetAsync($"/deliveries?limit=2{(cursor.Length > 0 ? $"&cursor={cursor}" : "")}")).Json;
            seen.AddRange(page.GetProperty("deliveries").EnumerateArray().Select(item => Text(item, "id")));
            cursor = page.GetProperty("pagination").GetProperty("nextCursor").GetString();
        }

        Assert.Equal(all, seen);
    }

    [Theory]
    [InlineData("status=delivered", 4)]
    [InlineData("status=exhausted", 0)]
    [InlineData("event=charger.boot", 1)]
    [InlineData("event=charger.*", 3)]
    [InlineData("event=charger.boot,transaction.*", 1)]
    [InlineData("event=charger.boot&event=charger.connected", 2)]
    [InlineData("event=*", 4)]
    [InlineData("event=transaction.*", 0)]
    [InlineData("event=webhook.test", 1)]
    [InlineData("event=webhook.*", 1)]
    [InlineData("event=charger.*&status=exhausted", 0)]
    [InlineData("chargeBoxId=NOBODY", 0)]
    [InlineData("from=2020-01-01T00:00:00Z&to=2020-02-01T00:00:00Z", 0)]
    [InlineData("from=2020-01-01", 4)]
    [InlineData("from=2020-01-01&to=2020-01-01", 0)]
    public async Task List_Filtered_ShowsThose(string query, int count)
    {
        await VisitAsync();
        await _tenant.Http.SendAsync("POST", $"{_path}/test");
        await UntilAsync(4);

        Assert.Equal(count, (await GetAsync($"/deliveries?{query}")).Json.GetProperty("deliveries").GetArrayLength());
    }

    [Theory]
    [InlineData("status=lost", "pending, delivered, exhausted, expired, superseded")]
    [InlineData("event=charger.flew", "charger.connected")]
    [InlineData("event=chargers.*", "a group of them, such as transaction.*")]
    [InlineData("event=*,charger.flew", "charger.connected")]
    [InlineData("from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "'from' must not be later than 'to'")]
    [InlineData("from=yesterday", "2026-02-06T14:30:00Z")]
    [InlineData("cursor=abc", "nextCursor")]
    [InlineData("limit=1000", "from 1 to 200")]
    public async Task List_AskedWrongly_SaysWhatIsAllowed(string query, string allowed) =>
        (await GetAsync($"/deliveries?{query}")).AssertError(400, "VALIDATION_ERROR", allowed);

    [Fact]
    public async Task Find_ShowsWhereTheTimeWentAndWhatTheEndpointSaid()
    {
        _receiver.Answer = ReceiverAnswers.Text(503, new string('x', 2000));
        await VisitAsync();
        var id = Text((await UntilAsync(3))[0], "id");

        var attempt = (await GetAsync($"/deliveries/{id}")).Json.GetProperty("attempts")[0];
        var answer = attempt.GetProperty("response");
        Assert.Equal((1024, true), (Text(answer, "body")!.Length, answer.GetProperty("bodyTruncated").GetBoolean()));
        Assert.Equal($"127.0.0.1:{_receiver.Url.Port}", Text(attempt, "address"));
        Assert.True(attempt.GetProperty("timings").GetProperty("totalMs").GetDouble() >= attempt.GetProperty("timings").GetProperty("firstByteMs").GetDouble());
        Assert.Contains(answer.GetProperty("headers").EnumerateArray(), header => Text(header, "name")!.Equals("Date", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Redeliver_AFailedOne_IsAttemptedOnceMore()
    {
        _receiver.Answer = ReceiverAnswers.Status(500);
        await VisitAsync();
        var id = Text((await UntilAsync(3))[0], "id");
        _receiver.Answer = ReceiverAnswers.Status(200);

        var reply = await _tenant.Http.SendAsync("POST", $"{_path}/deliveries/{id}/redeliver");
        Assert.Equal((202, "pending"), (reply.Status, Text(reply.Json, "status")));
        var delivery = await UntilAsync(id!, "delivered");
        Assert.Equal(["auto", "manual"], delivery.GetProperty("attempts").EnumerateArray().Select(attempt => Text(attempt, "trigger")));
        var sent = _receiver.Received.GroupBy(webhook => webhook.Id).Single(of => of.Count() == 2).ToList();
        Assert.Equal(sent[0].Body, sent[1].Body);
    }

    [Fact]
    public async Task Test_TakesTheRealWay_AndAnswersHowItWent()
    {
        _receiver.Answer = ReceiverAnswers.Text(418, "no coffee");
        var reply = await _tenant.Http.SendAsync("POST", $"{_path}/test");

        Assert.Equal((200, "exhausted", 418), (reply.Status, Text(reply.Json, "status"), reply.Json.GetProperty("statusCode").GetInt32()));
        Assert.Equal("no coffee", Text(reply.Json.GetProperty("attempt").GetProperty("response"), "body"));
        var sent = Assert.Single(_receiver.Received);
        Assert.Equal("webhook.test", Text(JsonElement.Parse(sent.Text), "event"));
        Assert.Equal(200, (await GetAsync($"/deliveries/{Text(reply.Json, "deliveryId")}")).Status);
        Assert.Empty((await _tenant.Http.SendAsync("GET", "/api/v1/events?type=webhook.*")).Json.GetProperty("events").EnumerateArray());
    }

    [Fact]
    public async Task Replay_WhatWasMissed_CountsItAndThenSendsItInOrder()
    {
        _receiver.Answer = ReceiverAnswers.StatusOf(webhook => webhook.Text.Contains("charger.boot", StringComparison.Ordinal) ? 200 : 500);
        await VisitAsync();
        await UntilAsync(3);
        _receiver.Answer = ReceiverAnswers.Status(200);
        var before = _receiver.Received.Count;

        var counted = await _tenant.Http.SendAsync("POST", $"{_path}/replays", """{"missedOnly":true,"dryRun":true}""");
        Assert.Equal((200, "completed", 2), (counted.Status, Text(counted.Json, "status"), counted.Json.GetProperty("matched").GetInt32()));
        Assert.Equal(before, _receiver.Received.Count);

        var started = await _tenant.Http.SendAsync("POST", $"{_path}/replays", """{"missedOnly":true}""");
        Assert.Equal(202, started.Status);
        var ended = await UntilReplayedAsync(Text(started.Json, "id")!);
        Assert.Equal((2, 2, 0, 1), (Number(ended, "matched"), Number(ended, "delivered"), Number(ended, "failed"), Number(ended, "progress")));
        Assert.Equal(
            ["charger.connected", "charger.disconnected"], _receiver.Received.Skip(before).Select(webhook => Text(JsonElement.Parse(webhook.Text), "event")));
        var deliveries = await UntilAsync(3);
        await UntilAsync(Text(deliveries[0], "id")!, "delivered");
        Assert.Equal("replay", Text((await GetAsync($"/deliveries/{Text(deliveries[0], "id")}")).Json.GetProperty("attempts")[1], "trigger"));
    }

    [Fact]
    public async Task Replay_SinceATime_SendsAllOfThatTimeAgain()
    {
        await VisitAsync();
        await UntilAsync(3);

        var none = await _tenant.Http.SendAsync("POST", $"{_path}/replays", """{"from":"2099-01-01T00:00:00Z","dryRun":true}""");
        Assert.Equal(0, Number(none.Json, "matched"));
        var some = await _tenant.Http.SendAsync("POST", $"{_path}/replays", """{"from":"2020-01-01T00:00:00Z","events":["charger.boot"]}""");
        var ended = await UntilReplayedAsync(Text(some.Json, "id")!);
        Assert.Equal((1, 1), (Number(ended, "matched"), Number(ended, "delivered")));
        Assert.Equal(4, _receiver.Received.Count);
    }

    [Theory]
    [InlineData("*", 4)]
    [InlineData("charger.*", 4)]
    [InlineData("charger.boot", 1)]
    [InlineData("transaction.*", 0)]
    public async Task Replay_OfAGroup_CountsWhatBelongsToIt(string name, int count)
    {
        await VisitAsync();
        await UntilAsync(3);
        var body = $$"""{"from":"2020-01-01T00:00:00Z","dryRun":true,"events":["{{name}}"],"chargeBoxIds":["{{_charger.ToLowerInvariant()}}"]}""";
        Assert.Equal(count, Number((await _tenant.Http.SendAsync("POST", $"{_path}/replays", body)).Json, "matched"));
    }

    [Fact]
    public async Task Replay_Cancelled_Ends()
    {
        await VisitAsync();
        await UntilAsync(3);
        _receiver.Answer = ReceiverAnswers.Hang;
        var started = await _tenant.Http.SendAsync("POST", $"{_path}/replays", """{"from":"2020-01-01T00:00:00Z"}""");
        await _receiver.WaitForAsync(4);

        var cancelled = await _tenant.Http.SendAsync("DELETE", $"{_path}/replays/{Text(started.Json, "id")}");
        Assert.Equal((200, "cancelled"), (cancelled.Status, Text(cancelled.Json, "status")));
        Assert.Equal("cancelled", Text((await GetAsync("/replays")).Json.GetProperty("replays")[0], "status"));
    }

    [Fact]
    public async Task ActivateAgain_SaysWhatWasMissed_AndAReplaySendsIt()
    {
        await _tenant.Http.SendAsync("PATCH", _path, """{"active":false}""");
        await using (var charger = await server.ConnectAsync(_charger))
        {
            await charger.CallAsync("BootNotification", ChargerMessages.Boot());
            await charger.CloseAsync();
        }

        await server.WaitUntilOfflineAsync(_charger, _tenant.Http);
        var activated = await _tenant.Http.SendAsync("PATCH", _path, """{"active":true}""");
        var missed = activated.Json.GetProperty("missed");
        Assert.Equal(3, Number(missed, "events"));
        Assert.Empty(_receiver.Received);

        var replay = await _tenant.Http.SendAsync("POST", $"{_path}/replays", $$"""{"missedOnly":true,"from":"{{Text(missed, "since")}}"}""");
        Assert.Equal(3, Number(await UntilReplayedAsync(Text(replay.Json, "id")!), "delivered"));
        Assert.All(_receiver.Received, webhook => Assert.Equal("true", webhook.Headers["capacitor-replay"]));
        Assert.DoesNotContain("missed", (await _tenant.Http.SendAsync("PATCH", _path, """{"active":true}""")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "Say what to replay")]
    [InlineData("""{"from":"2026-01-02T00:00:00Z","to":"2026-01-01T00:00:00Z"}""", "earlier")]
    [InlineData("""{"from":"soon"}""", "2026-02-06T14:30:00Z")]
    [InlineData("""{"missedOnly":"yes"}""", "true or false")]
    [InlineData("""{"missedOnly":true,"events":[]}""", "at least one")]
    [InlineData("""{"missedOnly":true,"events":"*"}""", "array of strings")]
    [InlineData("""{"missedOnly":true,"events":["charger.boot","charger.flew"]}""", "'charger.flew', which is no event. Allowed are charger.connected")]
    [InlineData("""{"missedOnly":true,"events":["chargers.*"]}""", "transaction.*")]
    [InlineData("""{"missedOnly":true,"events":["webhook.test"]}""", "no event")]
    [InlineData("""{"missedOnly":true,"chargeBoxIds":[]}""", "1 to 1000")]
    [InlineData("""{"missedOnly":true,"chargeBoxIds":["A","a/b"]}""", "'a/b', which cannot be the id of a charger")]
    public async Task Replay_AskedWrongly_SaysWhatIsAllowed(string body, string allowed) =>
        (await _tenant.Http.SendAsync("POST", $"{_path}/replays", body)).AssertError(400, "VALIDATION_ERROR", allowed);

    [Fact]
    public async Task Health_OfAQuietWebhook_IsHealthy() => Assert.Equal("healthy", Text((await GetAsync("/health")).Json, "status"));

    [Theory]
    [InlineData("GET", "/deliveries")]
    [InlineData("GET", "/deliveries/dlv_1aaaaaaaaaaaaaaaa")]
    [InlineData("POST", "/deliveries/dlv_1aaaaaaaaaaaaaaaa/redeliver")]
    [InlineData("POST", "/test")]
    [InlineData("GET", "/replays")]
    [InlineData("GET", "/replays/rpl_1")]
    [InlineData("DELETE", "/replays/rpl_1")]
    [InlineData("GET", "/health")]
    public async Task AnotherTenantsWebhook_IsNotThere(string method, string path)
    {
        var other = await server.Capacitor.AddTenantAsync(Tier.Scale);
        (await other.Http.SendAsync(method, _path + path)).AssertError(404, "NOT_FOUND", "Webhook wh_");
    }

    [Theory]
    [InlineData("GET", "/deliveries/dlv_1aaaaaaaaaaaaaaaa")]
    [InlineData("GET", "/deliveries/anything")]
    [InlineData("POST", "/deliveries/dlv_1aaaaaaaaaaaaaaaa/redeliver")]
    [InlineData("GET", "/replays/rpl_1")]
    [InlineData("DELETE", "/replays/rpl_1")]
    public async Task WhatIsNotThere_IsNotFound(string method, string path) => (await _tenant.Http.SendAsync(method, _path + path)).AssertError(404, "NOT_FOUND");

    private static string? Text(JsonElement item, string name) => item.GetProperty(name).GetString();

    private static double Number(JsonElement item, string name) => item.GetProperty(name).GetDouble();

    private async Task<string> RegisterAsync(HttpClient http)
    {
        var reply = await http.SendAsync("POST", "/api/v1/webhooks", $$"""{"url":"{{_receiver.Url}}","events":["*"]}""");
        Assert.Equal(201, reply.Status);
        return Text(reply.Json, "id")!;
    }

    // Three events.
    private async Task VisitAsync()
    {
        await using var charger = await server.ConnectAsync(_charger);
        await charger.CallAsync("BootNotification", ChargerMessages.Boot());
        await charger.CloseAsync();
        await _receiver.WaitForAsync(3);
    }

    private Task<Reply> GetAsync(string path) => _tenant.Http.SendAsync("GET", _path + path);

    // The log is written a moment after the answer.
    private async Task<List<JsonElement>> UntilAsync(int count) =>
        [.. (await UntilAsync("/deliveries", listed => listed.GetProperty("deliveries").GetArrayLength() >= count)).GetProperty("deliveries").EnumerateArray()];

    private Task<JsonElement> UntilAsync(string deliveryId, string status) => UntilAsync($"/deliveries/{deliveryId}", delivery => Text(delivery, "status") == status);

    private Task<JsonElement> UntilReplayedAsync(string replayId) => UntilAsync($"/replays/{replayId}", replay => Text(replay, "status") == "completed");

    private async Task<JsonElement> UntilAsync(string path, Func<JsonElement, bool> isSo)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            var reply = await GetAsync(path);
            if (reply.Status == 200 && isSo(reply.Json))
            {
                return reply.Json;
            }

            Assert.True(Stopwatch.GetElapsedTime(since) < Patience, $"{path} stays {reply.Body}");
        }
    }
}

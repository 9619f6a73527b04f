using System.Text;
using System.Text.Json;
using Capacitor.Events;
using Capacitor.Tenants;
using Capacitor.Testing;

namespace Capacitor.Api.Tests.Events;

[Collection(ApiServer.Collection)]
public sealed class EventApiTests(ApiServer server)
{
    private const string Path = "/api/v1/events";

    [Fact]
    public async Task Get_All_AnswersStoredBodiesOldestFirst()
    {
        var (tenant, id, charger) = await LiveAsync();
        await using var _ = charger;

        var reply = await tenant.Http.SendAsync("GET", Path);

        Assert.Equal(200, reply.Status);
        var events = reply.Json.GetProperty("events").EnumerateArray().ToList();
        Assert.Equal(["charger.registered", "charger.connected", "charger.boot", "connector.status_changed", "charger.status_changed", "transaction.started"], events.Select(Name));
        Assert.All(events, item => Assert.Equal(["id", "position", "sequence", "chargerSequence", "event", "timestamp", "data"], Reply.Names(item)));
        Assert.All(events, item => Assert.StartsWith("evt_", item.GetProperty("id").GetString(), StringComparison.Ordinal));
        Assert.Equal(events.Select(Position).Order(), events.Select(Position));
        Assert.Equal($$"""{"chargeBoxId":"{{id}}"}""", events[1].GetProperty("data").GetRawText());
        Assert.Equal($$"""{"limit":100,"nextCursor":"{{Position(events[^1])}}"}""", reply.Json.GetProperty("pagination").GetRawText());
    }

    [Fact]
    public async Task Get_AllWithTheirBodies_AreTheBytesOfTheJournal()
    {
        var (tenant, _, charger) = await LiveAsync();
        await using var __ = charger;
        var page = await server.Capacitor.Grains.GetGrain<ITenantRecordsGrain>(tenant.Id.GrainKey).ReadEventsAsync(0, 100, null, null);

        var expected = string.Join(',', page.Events.Select(item => $$"""{"id":"{{item.Id}}","position":{{item.Position}},{{Count("sequence", item.Sequence)}}{{Count("chargerSequence", item.ChargerSequence)}}{{Encoding.UTF8.GetString(item.Body)[1..]}}"""));

        Assert.StartsWith($$"""{"events":[{{expected}}],"pagination":""", (await tenant.Http.SendAsync("GET", Path)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_FollowingTheCursor_SeesEachEventOnceAndWhatComesLater()
    {
        var (tenant, id, charger) = await LiveAsync();
        await using var _ = charger;
        List<string> seen = [];
        var cursor = "0";
        for (var page = 0; page < 6; page++)
        {
            (var names, cursor) = await ReadAsync(tenant.Http, $"?limit=1&after={cursor}");
            seen.Add(Assert.Single(names));
        }

        Assert.Equal(["charger.registered", "charger.connected", "charger.boot", "connector.status_changed", "charger.status_changed", "transaction.started"], seen);
        (var none, cursor) = await ReadAsync(tenant.Http, $"?after={cursor}");
        Assert.Empty(none);

        await using var newer = await server.ConnectAsync(id);
        await newer.CallAsync("Heartbeat");
        Assert.Contains("charger.connected", (await ReadAsync(tenant.Http, $"?after={cursor}")).Names);
    }

    [Fact]
    public async Task Get_ByTypeAndCharger_SkipsTheRestAndMovesTheCursorPastIt()
    {
        var (tenant, id, charger) = await LiveAsync();
        await using var _ = charger;
        var (all, end) = await ReadAsync(tenant.Http, "");

        Assert.Equal(6, all.Count);
        Assert.Equal(["charger.boot"], (await ReadAsync(tenant.Http, "?type=charger.boot")).Names);
        Assert.Equal(end, (await ReadAsync(tenant.Http, "?type=transaction.updated")).Cursor);
        Assert.Equal(all, (await ReadAsync(tenant.Http, $"?chargeBoxId={id.ToLowerInvariant()}")).Names);
        Assert.Empty((await ReadAsync(tenant.Http, "?chargeBoxId=ANOTHER")).Names);
        Assert.Empty((await ReadAsync(server.Http, $"?chargeBoxId={id}")).Names);
    }

    [Fact]
    public async Task Get_SeveralTypesAtOnce_KeepsOrderLimitAndCursor()
    {
        var (tenant, _, charger) = await LiveAsync();
        await using var __ = charger;

        var (names, cursor) = await ReadAsync(tenant.Http, "?type=transaction.*&type=charger.boot,charger.connected&limit=2");
        var (more, end) = await ReadAsync(tenant.Http, $"?type=transaction.*&type=charger.boot,charger.connected&limit=2&after={cursor}");

        Assert.Equal(["charger.connected", "charger.boot"], names);
        Assert.Equal(["transaction.started"], more);
        Assert.Equal((await ReadAsync(tenant.Http, "")).Cursor, end);
    }

    [Fact]
    public async Task Get_Waiting_AnswersWithWhatIsThere_OrComes()
    {
        var (tenant, _, charger) = await LiveAsync();
        await using var __ = charger;
        var (there, cursor) = await ReadAsync(tenant.Http, "?wait=20");
        Assert.Equal(6, there.Count);

        var waiting = ReadAsync(tenant.Http, $"?wait=20&after={cursor}&type=connector.*");
        await charger.CallAsync("StatusNotification", """{"connectorId":1,"errorCode":"NoError","status":"Charging"}""");

        var (come, next) = await waiting;
        Assert.Equal(["connector.status_changed"], come);
        Assert.Equal((await ReadAsync(tenant.Http, "")).Cursor, next);
    }

    [Fact]
    public async Task Get_WaitingInVain_AnswersThatThereIsNothing()
    {
        var (tenant, _, charger) = await LiveAsync();
        await using var __ = charger;

        var (none, cursor) = await ReadAsync(tenant.Http, "?wait=1&type=transaction.updated");

        Assert.Empty(none);
        Assert.Equal((await ReadAsync(tenant.Http, "")).Cursor, cursor);
    }

    [Theory]
    [InlineData("after=-1", "'after' must be a whole number from 0 up")]
    [InlineData("after=x", "'after'")]
    [InlineData("limit=0", "'limit' must be a whole number from 1 to 1000")]
    [InlineData("limit=1001", "'limit' must be a whole number from 1 to 1000")]
    [InlineData("type=charger.exploded", "charger.connected")]
    [InlineData("type=charger.boot,transaction", "'type' must name events")]
    [InlineData("chargeBoxId=%20", "'chargeBoxId'")]
    [InlineData("wait=21", "'wait' must be a whole number from 0 to 20")]
    [InlineData("afterSequence=-1", "'afterSequence' must be a whole number from 0 up")]
    [InlineData("afterSequence=41&after=7", "'afterSequence' cannot be given together with 'after'")]
    public async Task Get_WrongQuery_IsRefusedInWords(string query, string message) =>
        (await server.Http.SendAsync("GET", $"{Path}?{query}")).AssertError(400, "VALIDATION_ERROR", message);

    [Fact]
    public async Task GetTypes_ShowsAnExampleOfEach()
    {
        var reply = await server.Http.SendAsync("GET", "/api/v1/event-types");

        Assert.Equal(200, reply.Status);
        var types = reply.Json.GetProperty("eventTypes").EnumerateArray().ToList();
        Assert.Equal(EventTypes.All, types.Select(type => type.GetProperty("name").GetString()));
        Assert.All(types, type => Assert.Equal(type.GetProperty("name").GetString(), Name(type.GetProperty("example"))));
        Assert.Contains("""{"name":"charger.connected","description":"Charger connects via WebSocket","category":"chargers","example":{"event":"charger.connected","timestamp":"2026-02-06T14:30:00.000Z","data":{"chargeBoxId":"CHARGER-001"}}}""", reply.Body, StringComparison.Ordinal);
        Assert.Contains(
            """{"event":"transaction.started","timestamp":"2026-02-06T14:30:00.000Z","data":{"transactionId":12345,"chargeBoxId":"CHARGER-001","connectorId":1,"idTag":"USER001","meterStart":0}}""",
            string.Concat(reply.Body.Where(character => !char.IsWhiteSpace(character))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetTypes_Examples_HaveTheMembersThatAreReallySent()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Scale);
        var id = await server.AddChargerAsync(tenant.Http);
        await using (var charger = await server.ConnectAsync(id))
        {
            await charger.CallAsync("BootNotification", """{"chargePointVendor":"V","chargePointModel":"M"}""");
            await charger.CallAsync("StatusNotification", """{"connectorId":1,"errorCode":"NoError","status":"Preparing"}""");
            var started = await charger.CallAsync("StartTransaction", """{"connectorId":1,"idTag":"A","meterStart":0,"timestamp":"2026-02-06T14:30:00Z"}""");
            var transaction = started.Payload.GetProperty("transactionId").GetInt32();
            await charger.CallAsync("MeterValues", $$"""
                {"connectorId":1,"transactionId":{{transaction}},"meterValue":[{"timestamp":"2026-02-06T14:45:00Z","sampledValue":[{"value":"5"}]}]}
                """);
            await charger.CallAsync("StopTransaction", $$"""{"transactionId":{{transaction}},"meterStop":9,"timestamp":"2026-02-06T15:00:00Z"}""");
            await charger.CloseAsync();
        }

        await server.WaitUntilOfflineAsync(id, tenant.Http);
        var sent = (await tenant.Http.SendAsync("GET", Path)).Json.GetProperty("events").EnumerateArray().DistinctBy(Name).ToDictionary(item => Name(item)!, Members);
        var examples = (await server.Http.SendAsync("GET", "/api/v1/event-types")).Json.GetProperty("eventTypes").EnumerateArray()
            .Select(type => type.GetProperty("example")).ToDictionary(example => Name(example)!, Members);

        Assert.Equal(EventTypes.Documented.Concat([EventTypes.ChargerRegistered, EventTypes.ChargerStatusChanged]).Order(), sent.Keys.Order());
        Assert.All(sent, item => Assert.Equal(examples[item.Key], item.Value));
    }

    private async Task<(TestTenant Tenant, string ChargeBoxId, FakeCharger Charger)> LiveAsync()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Scale);
        var id = await server.AddChargerAsync(tenant.Http);
        var charger = await server.ConnectAsync(id);
        await charger.CallAsync("BootNotification", """{"chargePointVendor":"V","chargePointModel":"M"}""");
        await charger.CallAsync("StatusNotification", """{"connectorId":1,"errorCode":"NoError","status":"Preparing"}""");
        await charger.CallAsync("StartTransaction", """{"connectorId":1,"idTag":"USER001","meterStart":0,"timestamp":"2026-02-06T14:30:00Z"}""");
        return (tenant, id, charger);
    }

    private static async Task<(List<string> Names, string Cursor)> ReadAsync(HttpClient http, string query)
    {
        var reply = await http.SendAsync("GET", Path + query);
        return ([.. reply.Json.GetProperty("events").EnumerateArray().Select(item => Name(item)!)],
            reply.Json.GetProperty("pagination").GetProperty("nextCursor").GetString()!);
    }

    private static string Count(string name, long count) => count == 0 ? "" : $"\"{name}\":{count},";

    private static string Members(JsonElement item) => string.Join(' ', Reply.Names(item.GetProperty("data")));

    private static string? Name(JsonElement item) => item.GetProperty("event").GetString();

    private static long Position(JsonElement item) => item.GetProperty("position").GetInt64();
}

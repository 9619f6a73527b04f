using System.Text.Json;
using Capacitor.Testing;

namespace Capacitor.Api.Tests.Transactions;

/// <summary>What the meters showed, the filters of transactions, and what is charging at a connector.</summary>
[Collection(ApiServer.Collection)]
public sealed class MeterValueApiTests(ApiServer server)
{
    private const string Path = "/api/v1/transactions";

    private static readonly DateTimeOffset Start = new(2026, 2, 6, 14, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task MeterValues_OfATransaction_AreAllThereOldestFirstAndPageByPage()
    {
        var (_, charger) = await ConnectAsync();
        await using var __ = charger;
        var transaction = await StartAsync(charger, 1, "A", 0);
        var other = await StartAsync(charger, 2, "B", 0);
        await MeterAsync(charger, transaction, (1, 100), (2, 200));
        await MeterAsync(charger, other, (1, 1));
        await MeterAsync(charger, transaction, (3, 300), (4, 400), (5, 500));
        await charger.CallAsync("StopTransaction", ChargerMessages.Stop(transaction, 600, Start.AddMinutes(6)));

        var all = (await server.Http.SendAsync("GET", $"{Path}/{transaction}/meter-values")).Json;
        Assert.Equal(["100", "200", "300", "400", "500"], Values(all));
        Assert.Equal("""{"limit":50,"nextCursor":null}""", all.GetProperty("pagination").GetRawText());
        Assert.Equal(["timestamp", "sampledValues"], Reply.Names(all.GetProperty("meterValues")[0]));
        Assert.Equal("2026-02-06T14:01:00.000Z", all.GetProperty("meterValues")[0].GetProperty("timestamp").GetString());

        List<string?> paged = [];
        var (cursor, pages) = ("", 0);
        do
        {
            var page = (await server.Http.SendAsync("GET", $"{Path}/{transaction}/meter-values?limit=2{cursor}")).Json;
            paged.AddRange(Values(page));
            pages++;
            var next = page.GetProperty("pagination").GetProperty("nextCursor").GetString();
            cursor = next is null ? "" : $"&cursor={next}";
        }
        while (cursor != "");

        Assert.Equal((3, "100 200 300 400 500"), (pages, string.Join(' ', paged)));
    }

    [Fact]
    public async Task MeterValues_SameAsTheEventHasThem_ByteForByte()
    {
        var (id, charger) = await ConnectAsync();
        await using var _ = charger;
        var transaction = await StartAsync(charger, 1, "A", 0);
        await MeterAsync(charger, transaction, (1, 100));

        var events = (await server.Http.SendAsync("GET", $"/api/v1/events?chargeBoxId={id}")).Json.GetProperty("events");
        var updated = events.EnumerateArray().Single(item => item.GetProperty("event").GetString() == "transaction.updated");

        Assert.Equal(
            updated.GetProperty("data").GetProperty("meterValues").GetRawText(),
            (await server.Http.SendAsync("GET", $"{Path}/{transaction}/meter-values")).Json.GetProperty("meterValues").GetRawText());
    }

    [Fact]
    public async Task MeterValues_Wrong_AreRefusedInWords()
    {
        var (_, charger) = await ConnectAsync();
        await using var __ = charger;
        var transaction = await StartAsync(charger, 1, "A", 0);

        (await server.Http.SendAsync("GET", $"{Path}/{transaction}/meter-values?cursor=3")).AssertError(400, "VALIDATION_ERROR", "'cursor' must be the nextCursor");
        (await server.Http.SendAsync("GET", $"{Path}/{transaction}/meter-values?limit=201")).AssertError(400, "VALIDATION_ERROR", "'limit'");
        (await server.Http.SendAsync("GET", $"{Path}/999999999/meter-values")).AssertError(404, "NOT_FOUND", "999999999");
        Assert.Equal("""{"meterValues":[],"pagination":{"limit":50,"nextCursor":null}}""", (await server.Http.SendAsync("GET", $"{Path}/{transaction}/meter-values")).Body);
    }

    [Fact]
    public async Task Transactions_ByTagConnectorAndTime_AreThoseAsked()
    {
        var (id, charger) = await ConnectAsync();
        await using var _ = charger;
        var first = await StartAsync(charger, 1, "TAG-A", 0);
        var second = await StartAsync(charger, 2, "TAG-B", 10);

        Assert.Equal([first], await IdsAsync(id, "idTag=tag-a"));
        Assert.Equal([second], await IdsAsync(id, "connectorId=2"));
        Assert.Equal([second], await IdsAsync(id, "from=2026-02-06T14:10:00Z"));
        Assert.Equal([first], await IdsAsync(id, "to=2026-02-06T14:10:00Z"));
        Assert.Equal([second, first], await IdsAsync(id, "from=2026-02-06T14:00:00Z&to=2026-02-06T14:10:01Z"));
    }

    [Theory]
    [InlineData("connectorId=x", "'connectorId' must be a whole number")]
    [InlineData("from=yesterday", "'from' must be a time")]
    [InlineData("from=2026-02-07T00:00:00Z&to=2026-02-06T00:00:00Z", "'from' must not be later than 'to'")]
    public async Task Transactions_WrongFilter_IsRefusedInWords(string query, string message) =>
        (await server.Http.SendAsync("GET", $"{Path}?{query}")).AssertError(400, "VALIDATION_ERROR", message);

    [Fact]
    public async Task Connectors_OfACharger_TellWhatTheyCharge()
    {
        var (id, charger) = await ConnectAsync();
        await using var _ = charger;
        await charger.CallAsync("StatusNotification", ChargerMessages.Status(1, "Charging", ""));
        await charger.CallAsync("StatusNotification", ChargerMessages.Status(2, "Available", ""));
        var transaction = await StartAsync(charger, 1, "A", 0);
        var path = $"/api/v1/chargers/{id}/connectors";

        var connectors = (await server.Http.SendAsync("GET", path)).Json.GetProperty("connectors");

        Assert.Equal([1, 2], connectors.EnumerateArray().Select(connector => connector.GetProperty("connectorId").GetInt32()));
        Assert.Equal(["connectorId", "status", "errorCode", "lastUpdated", "currentTransactionId"], Reply.Names(connectors[0]));
        Assert.Equal(("Charging", transaction), (connectors[0].GetProperty("status").GetString(), connectors[0].GetProperty("currentTransactionId").GetInt32()));
        Assert.Equal(["connectorId", "status", "errorCode", "lastUpdated"], Reply.Names(connectors[1]));
        Assert.Equal(connectors[1].GetRawText(), (await server.Http.SendAsync("GET", $"{path}/2")).Body);
        (await server.Http.SendAsync("GET", $"{path}/3")).AssertError(404, "NOT_FOUND", "Connector 3");
        (await server.Http.SendAsync("GET", "/api/v1/chargers/NOBODY/connectors")).AssertError(404, "NOT_FOUND", "NOBODY");
    }

    private static IEnumerable<string?> Values(JsonElement page) => page.GetProperty("meterValues").EnumerateArray()
        .Select(value => value.GetProperty("sampledValues")[0].GetProperty("value").ToString());

    private async Task<(string Id, FakeCharger Charger)> ConnectAsync()
    {
        var id = await server.AddChargerAsync();
        return (id, await server.ConnectAsync(id));
    }

    private static async Task<int> StartAsync(FakeCharger charger, int connector, string tag, int minute) =>
        (await charger.CallAsync("StartTransaction", ChargerMessages.Start(connector, tag, 0, Start.AddMinutes(minute)))).Payload.GetProperty("transactionId").GetInt32();

    private static Task<FakeAnswer> MeterAsync(FakeCharger charger, int transaction, params (int Minute, int Value)[] readings) => charger.CallAsync(
        "MeterValues",
        $$"""{"connectorId":1,"transactionId":{{transaction}},"meterValue":[{{string.Join(',', readings.Select(reading =>
            $$"""{"timestamp":"2026-02-06T14:0{{reading.Minute}}:00Z","sampledValue":[{"value":"{{reading.Value}}"}]}"""))}}]}""");

    private async Task<IEnumerable<int>> IdsAsync(string id, string query) =>
        (await server.Http.SendAsync("GET", $"{Path}?chargeBoxId={id}&{query}")).Json.GetProperty("transactions").EnumerateArray()
            .Select(transaction => transaction.GetProperty("transactionId").GetInt32());
}

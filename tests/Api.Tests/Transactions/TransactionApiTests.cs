using System.Globalization;
using Capacitor.Tenants;
using Capacitor.Testing;

namespace Capacitor.Api.Tests.Transactions;

[Collection(ApiServer.Collection)]
public sealed class TransactionApiTests(ApiServer server)
{
    private const string Path = "/api/v1/transactions";

    [Fact]
    public async Task Get_OneThatRuns_TellsHowFarItIs()
    {
        var (id, charger) = await ConnectAsync();
        await using var _ = charger;
        var transaction = await StartAsync(charger, "USER001", 1000);
        await charger.CallAsync("MeterValues", $$"""
            {"connectorId":1,"transactionId":{{transaction}},"meterValue":[{"timestamp":"2026-02-06T14:45:00Z","sampledValue":[{"value":"3500"}]}]}
            """);

        var reply = await server.Http.SendAsync("GET", $"{Path}/{transaction}");

        Assert.Equal(200, reply.Status);
        Assert.StartsWith(
            $$"""{"id":"txn_{{transaction}}","transactionId":{{transaction}},"chargeBoxId":"{{id}}","connectorId":1,"idTag":"USER001","status":"in_progress","""
            + "\"meterStart\":1000,\"meterStop\":null,\"energyDelivered\":2.5,\"durationMinutes\":",
            reply.Body, StringComparison.Ordinal);
        Assert.EndsWith(""","stopTime":null,"stopReason":null,"remoteStarted":false}""", reply.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_OneThatHasEnded_AnswersAsDocumented()
    {
        var (id, charger) = await ConnectAsync();
        await using var _ = charger;
        var start = TimeProvider.System.GetUtcNow().AddMinutes(-45);
        var transaction = await StartAsync(charger, "USER001", 1000, start);
        await StopAsync(charger, transaction, 15000, start.AddMinutes(45));

        var reply = await server.Http.SendAsync("GET", $"{Path}/{transaction}");

        Assert.Equal(
            $$"""{"id":"txn_{{transaction}}","transactionId":{{transaction}},"chargeBoxId":"{{id}}","connectorId":1,"idTag":"USER001","status":"completed","""
            + "\"meterStart\":1000,\"meterStop\":15000,\"energyDelivered\":14,\"durationMinutes\":45,"
            + $"\"startTime\":\"{Time(start)}\",\"stopTime\":\"{Time(start.AddMinutes(45))}\",\"stopReason\":\"Local\",\"remoteStarted\":false}}",
            reply.Body);
    }

    [Fact]
    public async Task Get_All_FiltersByChargerAndStatus()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Scale);
        var (id, charger) = await ConnectAsync(tenant.Http);
        await using var _ = charger;
        var (_, other) = await ConnectAsync(tenant.Http);
        await using var __ = other;
        var ended = await StartAsync(charger, "A", 0);
        await StopAsync(charger, ended, 10, TimeProvider.System.GetUtcNow());
        var open = await StartAsync(charger, "B", 10);
        var others = await StartAsync(other, "C", 0);

        Assert.Equal([others, open, ended], await IdsAsync(tenant.Http, ""));
        Assert.Equal([open, ended], await IdsAsync(tenant.Http, $"?chargeBoxId={id}"));
        Assert.Equal([open, ended], await IdsAsync(tenant.Http, $"?chargeBoxId={id.ToLowerInvariant()}"));
        Assert.Equal([open], await IdsAsync(tenant.Http, $"?chargeBoxId={id}&status=in_progress"));
        Assert.Equal([others, open], await IdsAsync(tenant.Http, "?status=active"));
        Assert.Equal([ended], await IdsAsync(tenant.Http, "?status=completed"));
        Assert.Equal([], await IdsAsync(tenant.Http, "?status=pending"));
        Assert.Equal([open], await IdsAsync(tenant.Http, "?limit=1&offset=1"));
        Assert.Equal("""{"total":3,"limit":50,"offset":0}""", (await tenant.Http.SendAsync("GET", Path)).Json.GetProperty("pagination").GetRawText());
        Assert.Equal([], await IdsAsync(server.Http, $"?chargeBoxId={id}"));
    }

    [Theory]
    [InlineData("status=running", "'status' must be one of in_progress, completed, pending, active")]
    [InlineData("chargeBoxId=a%2Fb", "'chargeBoxId'")]
    [InlineData("limit=0", "'limit'")]
    public async Task Get_WrongQuery_IsRefusedInWords(string query, string message) =>
        (await server.Http.SendAsync("GET", $"{Path}?{query}")).AssertError(400, "VALIDATION_ERROR", message);

    [Theory]
    [InlineData("GET", "/2147483647")]
    [InlineData("GET", "/99999999999")]
    [InlineData("GET", "/-1")]
    [InlineData("GET", "/txn_1")]
    [InlineData("POST", "/2147483647/stop")]
    [InlineData("POST", "/nonsense/stop")]
    public async Task Unknown_IsNotFound(string method, string path) =>
        (await server.Http.SendAsync(method, Path + path)).AssertError(404, "NOT_FOUND", "Transaction");

    [Fact]
    public async Task AnotherTenantsTransaction_IsNotFound()
    {
        var (_, charger) = await ConnectAsync();
        await using var __ = charger;
        var transaction = await StartAsync(charger, "A", 0);
        var other = await server.Capacitor.AddTenantAsync(Tier.Scale);

        (await other.Http.SendAsync("GET", $"{Path}/{transaction}")).AssertError(404, "NOT_FOUND");
        (await other.Http.SendAsync("POST", $"{Path}/{transaction}/stop")).AssertError(404, "NOT_FOUND");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Start_Accepted_AnswersWithoutWaitingForTheTransaction(bool alias)
    {
        var (id, charger) = await ConnectAsync();
        await using var _ = charger;

        var asked = alias
            ? server.Http.SendAsync("POST", $"/api/v1/chargers/{id}/remote-start", """{"connectorId":2,"idTag":"USER7"}""")
            : server.Http.SendAsync("POST", Path + "/start", $$"""{"chargeBoxId":"{{id.ToLowerInvariant()}}","connectorId":2,"idTag":"USER7"}""");
        var call = await charger.NextCallAsync();
        await charger.AnswerAsync(call, """{"status":"Accepted"}""");
        var reply = await asked;

        Assert.Equal("RemoteStartTransaction", call.Action);
        Assert.Equal("""{"connectorId":2,"idTag":"USER7"}""", call.Payload.GetRawText());
        Assert.Equal(202, reply.Status);
        Assert.StartsWith(
            $$"""{"message":"Remote start accepted by charger","chargeBoxId":"{{id}}","connectorId":2,"idTag":"USER7","status":"accepted","note":""",
            reply.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ChargerBeginsBeforeItAnswers_IsAnsweredMeanwhile()
    {
        var (id, charger) = await ConnectAsync();
        await using var _ = charger;

        var asked = server.Http.SendAsync("POST", Path + "/start", $$"""{"chargeBoxId":"{{id}}","connectorId":1}""");
        var call = await charger.NextCallAsync();
        Assert.Equal("CAPACITOR", call.Payload.GetProperty("idTag").GetString());
        var transaction = await StartAsync(charger, "CAPACITOR", 0);
        await charger.AnswerAsync(call, """{"status":"Accepted"}""");

        Assert.Equal(202, (await asked).Status);
        Assert.True((await server.Http.SendAsync("GET", $"{Path}/{transaction}")).Json.GetProperty("remoteStarted").GetBoolean());
    }

    [Theory]
    [InlineData("""{"connectorId":1}""", "'chargeBoxId' is required")]
    [InlineData("""{"chargeBoxId":"A"}""", "'connectorId' is required: a whole number from 1 up.")]
    [InlineData("""{"chargeBoxId":"A","connectorId":0}""", "'connectorId' must be a whole number from 1 up, not 0.")]
    [InlineData("""{"chargeBoxId":"A","connectorId":1.5}""", "'connectorId' must be a whole number from 1 up, not 1.5.")]
    [InlineData("""{"chargeBoxId":"A","connectorId":"1"}""", "'connectorId' must be a whole number from 1 up, not a string.")]
    [InlineData("""{"chargeBoxId":"A","connectorId":1,"idTag":"123456789012345678901"}""", "'idTag' must have 1 to 20 characters.")]
    public async Task Start_WhatIsNotAllowed_IsRefusedInWords(string body, string message) =>
        (await server.Http.SendAsync("POST", Path + "/start", body)).AssertError(400, "VALIDATION_ERROR", message);

    [Fact]
    public async Task Start_UnknownCharger_IsNotFound() =>
        (await server.Http.SendAsync("POST", Path + "/start", """{"chargeBoxId":"NO-SUCH","connectorId":1}""")).AssertError(404, "NOT_FOUND", "Charger NO-SUCH not found");

    [Fact]
    public async Task Stop_Accepted_AnswersAsDocumented()
    {
        var (id, charger) = await ConnectAsync();
        await using var _ = charger;
        var transaction = await StartAsync(charger, "A", 0);

        var asked = server.Http.SendAsync("POST", $"{Path}/{transaction}/stop");
        var call = await charger.NextCallAsync();
        await charger.AnswerAsync(call, """{"status":"Accepted"}""");
        var reply = await asked;

        Assert.Equal("RemoteStopTransaction", call.Action);
        Assert.Equal($$"""{"transactionId":{{transaction}}}""", call.Payload.GetRawText());
        Assert.Equal(202, reply.Status);
        Assert.StartsWith(
            $$"""{"message":"Remote stop accepted by charger","transactionId":{{transaction}},"chargeBoxId":"{{id}}","status":"stopping","note":""",
            reply.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_OneThatHasEnded_IsAConflict()
    {
        var (_, charger) = await ConnectAsync();
        await using var __ = charger;
        var transaction = await StartAsync(charger, "A", 0);
        await StopAsync(charger, transaction, 5, TimeProvider.System.GetUtcNow());

        (await server.Http.SendAsync("POST", $"{Path}/{transaction}/stop")).AssertError(409, "CONFLICT", "already ended");
    }

    [Fact]
    public async Task Stop_NotConnected_IsUnavailable()
    {
        var (id, charger) = await ConnectAsync();
        var transaction = await StartAsync(charger, "A", 0);
        await charger.CloseAsync();
        await charger.DisposeAsync();
        await server.WaitUntilOfflineAsync(id);

        (await server.Http.SendAsync("POST", $"{Path}/{transaction}/stop")).AssertError(503, "SERVICE_UNAVAILABLE", "not connected");
    }

    private async Task<(string Id, FakeCharger Charger)> ConnectAsync(HttpClient? http = null)
    {
        var id = await server.AddChargerAsync(http);
        return (id, await server.ConnectAsync(id));
    }

    private static async Task<int> StartAsync(FakeCharger charger, string idTag, int meter, DateTimeOffset? at = null) =>
        (await charger.CallAsync("StartTransaction", $$"""
            {"connectorId":1,"idTag":"{{idTag}}","meterStart":{{meter}},"timestamp":"{{Time(at ?? TimeProvider.System.GetUtcNow())}}"}
            """)).Payload.GetProperty("transactionId").GetInt32();

    private static Task<FakeAnswer> StopAsync(FakeCharger charger, int transaction, int meter, DateTimeOffset at) =>
        charger.CallAsync("StopTransaction", $$"""{"transactionId":{{transaction}},"meterStop":{{meter}},"timestamp":"{{Time(at)}}"}""");

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static async Task<IEnumerable<int>> IdsAsync(HttpClient http, string query) =>
        (await http.SendAsync("GET", Path + query)).Json.GetProperty("transactions").EnumerateArray().Select(item => item.GetProperty("transactionId").GetInt32());
}

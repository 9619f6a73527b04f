using System.Text.Json;
using Capacitor.Testing;

namespace Capacitor.Api.Tests.Commands;

/// <summary>A remote start and the transaction that it causes, in whatever order the two are told.</summary>
[Collection(ApiServer.Collection)]
public sealed class RemoteStartTests(ApiServer server)
{
    private const string Accepted = """{"status":"Accepted"}""";

    [Fact]
    public async Task TransactionAfterTheAnswer_IsTheCommands()
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectReadyAsync(id);
        var asked = StartAsync(id);
        await charger.AnswerAsync(await charger.NextCallAsync(), Accepted);
        var reply = await asked;

        var transactionId = await BeginAsync(charger);

        await AssertLinkedAsync(reply, transactionId);
    }

    [Fact]
    public async Task TransactionBeforeTheAnswer_IsAnsweredAtOnceAndTheCommands()
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectReadyAsync(id);
        var asked = StartAsync(id);
        var call = await charger.NextCallAsync();

        var transactionId = await BeginAsync(charger); // answered although the command waits
        await charger.AnswerAsync(call, Accepted);

        await AssertLinkedAsync(await asked, transactionId);
    }

    [Fact]
    public async Task CallsThatCross_AreBothAnswered()
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectReadyAsync(id);
        var transactionId = await BeginAsync(charger);
        var stopping = server.Http.SendAsync("POST", $"/api/v1/transactions/{transactionId}/stop");
        var call = await charger.NextCallAsync();

        // The charger ends it by itself before it has read the command.
        var stopped = await charger.CallAsync("StopTransaction", $$"""{"transactionId":{{transactionId}},"meterStop":5,"timestamp":"2026-02-06T15:00:00Z"}""");
        Assert.False(stopped.IsError);
        await charger.AnswerAsync(call, """{"status":"Rejected"}""");

        (await stopping).AssertError(409, "COMMAND_REJECTED", "Rejected");
        Assert.DoesNotContain(await server.WaitForEventsAsync(id, "command.failed"), item => Name(item) == "transaction.stop_failed"); // it has ended
    }

    [Fact]
    public async Task Stop_RejectedWhileItGoesOn_IsToldAsFailed()
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectReadyAsync(id);
        var transactionId = await BeginAsync(charger);
        var stopping = server.Http.SendAsync("POST", $"/api/v1/transactions/{transactionId}/stop");
        await charger.AnswerAsync(await charger.NextCallAsync(), """{"status":"Rejected"}""");

        (await stopping).AssertError(409, "COMMAND_REJECTED", "Rejected");
        var failed = (await server.WaitForEventsAsync(id, "transaction.stop_failed")).Single(item => Name(item) == "transaction.stop_failed").GetProperty("data");
        Assert.Equal(
            (transactionId, 1, "FAR", "rejected"),
            (failed.GetProperty("transactionId").GetInt32(), failed.GetProperty("connectorId").GetInt32(), failed.GetProperty("idTag").GetString(), failed.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task UnknownTagsAreRejected_ButNotThoseOfARemoteStart()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Capacitor.Tenants.Tier.Scale);
        Assert.Equal(200, (await tenant.Http.SendAsync("PATCH", "/api/v1/tenant", """{"unknownIdTagPolicy":"reject"}""")).Status);
        var id = await server.AddChargerAsync(tenant.Http);
        await using var charger = await server.ConnectReadyAsync(id);
        Assert.Equal("Invalid", await AuthorizeAsync(charger));
        var asked = tenant.Http.SendAsync("POST", "/api/v1/transactions/start", Body(id));
        await charger.AnswerAsync(await charger.NextCallAsync(), Accepted);
        Assert.Equal(202, (await asked).Status);

        Assert.Equal("Accepted", await AuthorizeAsync(charger));
        var started = await charger.CallAsync("StartTransaction", """{"connectorId":1,"idTag":"FAR","meterStart":0,"timestamp":"2026-02-06T14:30:00Z"}""");
        Assert.Equal("Accepted", started.Payload.GetProperty("idTagInfo").GetProperty("status").GetString());
        Assert.Equal("Invalid", await AuthorizeAsync(charger)); // once
    }

    [Fact]
    public async Task Rejected_TellsThatTheStartFailed()
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectReadyAsync(id);
        var asked = StartAsync(id);
        await charger.AnswerAsync(await charger.NextCallAsync(), """{"status":"Rejected"}""");

        (await asked).AssertError(409, "COMMAND_REJECTED");
        var failed = (await server.WaitForEventsAsync(id, "transaction.start_failed")).Single(item => Name(item) == "transaction.start_failed").GetProperty("data");
        Assert.Equal(("rejected", "FAR", 1), (failed.GetProperty("reason").GetString(), failed.GetProperty("idTag").GetString(), failed.GetProperty("connectorId").GetInt32()));
    }

    [Fact]
    public async Task LateAcceptance_StillLinksTheTransaction()
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectReadyAsync(id);
        var asked = server.Http.SendAsync("POST", "/api/v1/transactions/start?timeout=1", Body(id));
        var call = await charger.NextCallAsync();
        var reply = await asked;
        reply.AssertError(504, "COMMAND_TIMEOUT");
        await charger.AnswerAsync(call, Accepted);
        await server.WaitForEventsAsync(id, "command.completed");

        var transactionId = await BeginAsync(charger);

        var commandId = reply.Json.GetProperty("error").GetProperty("details").GetProperty("commandId").GetString();
        var history = (await server.Http.SendAsync("GET", $"/api/v1/commands/{commandId}")).Json;
        Assert.Equal(("late", transactionId), (history.GetProperty("status").GetString(), history.GetProperty("transactionId").GetInt32()));
    }

    [Fact]
    public async Task ChargingProfile_ForThisTransaction_GoesAlong()
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectReadyAsync(id);
        var profile = """{"chargingProfileId":5,"stackLevel":0,"chargingProfilePurpose":"TxProfile","chargingProfileKind":"Relative","chargingSchedule":{"chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":10}]}}""";
        var asked = server.Http.SendAsync("POST", "/api/v1/transactions/start", $$"""{"chargeBoxId":"{{id}}","connectorId":1,"chargingProfile":{{profile}}}""");
        var call = await charger.NextCallAsync();
        await charger.AnswerAsync(call, Accepted);

        Assert.Equal(202, (await asked).Status);
        Assert.Equal(5, call.Payload.GetProperty("chargingProfile").GetProperty("chargingProfileId").GetInt32());
        (await server.Http.SendAsync("POST", "/api/v1/transactions/start", $$"""{"chargeBoxId":"{{id}}","connectorId":1,"chargingProfile":{{profile.Replace("TxProfile", "TxDefaultProfile")}}}"""))
            .AssertError(400, "VALIDATION_ERROR", "must be a TxProfile");
    }

    private static async Task<string?> AuthorizeAsync(FakeCharger charger) =>
        (await charger.CallAsync("Authorize", """{"idTag":"FAR"}""")).Payload.GetProperty("idTagInfo").GetProperty("status").GetString();

    private Task<Reply> StartAsync(string id) => server.Http.SendAsync("POST", "/api/v1/transactions/start", Body(id));

    private static string Body(string id) => $$"""{"chargeBoxId":"{{id}}","connectorId":1,"idTag":"FAR"}""";

    private static async Task<int> BeginAsync(FakeCharger charger) =>
        (await charger.CallAsync("StartTransaction", """{"connectorId":1,"idTag":"FAR","meterStart":0,"timestamp":"2026-02-06T14:30:00Z"}""")).Payload.GetProperty("transactionId").GetInt32();

    private async Task AssertLinkedAsync(Reply reply, int transactionId)
    {
        Assert.Equal(202, reply.Status);
        var history = (await server.Http.SendAsync("GET", $"/api/v1/commands/{reply.Json.GetProperty("commandId").GetString()}")).Json;
        Assert.Equal(("accepted", transactionId), (history.GetProperty("status").GetString(), history.GetProperty("transactionId").GetInt32()));
        Assert.True((await server.Http.SendAsync("GET", $"/api/v1/transactions/{transactionId}")).Json.GetProperty("remoteStarted").GetBoolean());
    }

    private static string? Name(JsonElement item) => item.GetProperty("event").GetString();
}

using Capacitor.Tenants;
using Capacitor.Testing;

namespace Capacitor.Api.Tests.Chargers;

[Collection(ApiServer.Collection)]
public sealed class CommandApiTests(ApiServer server)
{
    [Theory]
    [InlineData("Soft")]
    [InlineData("Hard")]
    public async Task Reset_Accepted_AnswersAsDocumented(string type)
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectReadyAsync(id);

        var asked = server.Http.SendAsync("POST", $"/api/v1/chargers/{id}/reset", $$"""{"type":"{{type}}"}""");
        var call = await charger.NextCallAsync();
        await charger.AnswerAsync(call, """{"status":"Accepted"}""");
        var reply = await asked;

        Assert.Equal("Reset", call.Action);
        Assert.Equal($$"""{"type":"{{type}}"}""", call.Payload.GetRawText());
        Assert.Equal(200, reply.Status);
        var command = reply.Json.GetProperty("commandId").GetString();
        Assert.Equal($$"""{"message":"{{type}} reset accepted by charger","chargeBoxId":"{{id}}","type":"{{type}}","status":"accepted","commandId":"{{command}}"}""", reply.Body);
    }

    [Fact]
    public async Task Reset_Rejected_IsAConflictWithTheChargersWord()
    {
        var reply = await AnswerResetAsync((charger, call) => charger.AnswerAsync(call, """{"status":"Rejected"}"""));

        reply.AssertError(409, "COMMAND_REJECTED", "Rejected");
        Assert.StartsWith("""{"ocppStatus":"Rejected","commandId":"cmd_""", Details(reply), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reset_AnsweredWithAnError_IsAConflictWithItsCode()
    {
        var reply = await AnswerResetAsync((charger, call) => charger.RefuseAsync(call, "NotImplemented", "no reset here"));

        reply.AssertError(409, "COMMAND_REJECTED", "no reset here");
        Assert.StartsWith("""{"ocppErrorCode":"NotImplemented","commandId":"cmd_""", Details(reply), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"status":7.5}""")]
    public async Task Reset_AnsweredWithoutSense_IsAConflict(string answer) =>
        (await AnswerResetAsync((charger, call) => charger.AnswerAsync(call, answer))).AssertError(409, "COMMAND_REJECTED");

    [Fact]
    public async Task Reset_DisconnectedBeforeTheAnswer_IsUnknown() =>
        (await AnswerResetAsync((charger, _) =>
        {
            charger.Cut();
            return Task.CompletedTask;
        })).AssertError(504, "COMMAND_TIMEOUT", "disconnected");

    [Theory]
    [InlineData("reset", """{"type":"Soft"}""")]
    [InlineData("remote-start", """{"connectorId":1}""")]
    public async Task NotConnected_IsUnavailableAtOnce(string command, string body)
    {
        var id = await server.AddChargerAsync();

        (await server.Http.SendAsync("POST", $"/api/v1/chargers/{id}/{command}", body)).AssertError(503, "SERVICE_UNAVAILABLE", $"Charger {id} is not connected");
    }

    [Theory]
    [InlineData("{}", "'type' is required: one of Hard, Soft.")]
    [InlineData("""{"type":"soft"}""", "'type' must be written Soft.")]
    [InlineData("""{"type":1}""", "'type' must be one of Hard, Soft, not a number.")]
    public async Task Reset_WhatIsNotAllowed_IsRefusedInWords(string body, string message)
    {
        var id = await server.AddChargerAsync();

        (await server.Http.SendAsync("POST", $"/api/v1/chargers/{id}/reset", body)).AssertError(400, "VALIDATION_ERROR", message);
    }

    [Fact]
    public async Task FreeTier_MayStartButNotReset()
    {
        var free = await server.Capacitor.AddTenantAsync(Tier.Free);
        var id = await server.AddChargerAsync(free.Http);

        (await free.Http.SendAsync("POST", $"/api/v1/chargers/{id}/reset", """{"type":"Soft"}""")).AssertError(403, "FORBIDDEN", "Starter");
        (await free.Http.SendAsync("POST", $"/api/v1/chargers/{id}/remote-start", """{"connectorId":1}""")).AssertError(503, "SERVICE_UNAVAILABLE");
    }

    private async Task<Reply> AnswerResetAsync(Func<FakeCharger, FakeCall, Task> answer)
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectReadyAsync(id);
        var asked = server.Http.SendAsync("POST", $"/api/v1/chargers/{id}/reset", """{"type":"Soft"}""");
        await answer(charger, await charger.NextCallAsync());
        return await asked;
    }

    private static string Details(Reply reply) => reply.Json.GetProperty("error").GetProperty("details").GetRawText();
}

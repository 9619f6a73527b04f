using System.Text.Json;
using Capacitor.Testing;

namespace Capacitor.Api.Tests.Reservations;

[Collection(ApiServer.Collection)]
public sealed class ReservationApiTests(ApiServer server)
{
    private const string Later = "2099-01-01T00:00:00.000Z";

    [Fact]
    public async Task Reserve_Accepted_IsListedAndTold()
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectReadyAsync(id);

        var (reply, call) = await ReserveAsync(charger, id, "Accepted");

        Assert.Equal(201, reply.Status);
        var reservationId = reply.Json.GetProperty("reservationId").GetInt32();
        Assert.Equal("ReserveNow", call.Action);
        Assert.Equal((reservationId, "TAG-7", 1), (call.Payload.GetProperty("reservationId").GetInt32(), call.Payload.GetProperty("idTag").GetString(), call.Payload.GetProperty("connectorId").GetInt32()));
        Assert.Equal("active", (await FindAsync(reservationId)).GetProperty("status").GetString());
        var listed = (await server.Http.SendAsync("GET", $"/api/v1/reservations?chargeBoxId={id}&status=active")).Json;
        Assert.Equal(reservationId, Assert.Single(listed.GetProperty("reservations").EnumerateArray()).GetProperty("reservationId").GetInt32());
        Assert.Equal(1, listed.GetProperty("pagination").GetProperty("total").GetInt32());
        var created = (await server.WaitForEventsAsync(id, "reservation.created"))[^1];
        Assert.Equal(
            $$"""{"reservationId":{{reservationId}},"chargeBoxId":"{{id}}","connectorId":1,"idTag":"TAG-7","expiresAt":"{{Later}}"}""", created.GetProperty("data").GetRawText());
    }

    [Theory]
    [InlineData("Occupied")]
    [InlineData("Faulted")]
    [InlineData("Unavailable")]
    [InlineData("Rejected")]
    public async Task Reserve_Refused_IsAConflictAndTold(string status)
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectReadyAsync(id);

        var (reply, _) = await ReserveAsync(charger, id, status);

        reply.AssertError(409, "COMMAND_REJECTED", status);
        var rejected = (await server.WaitForEventsAsync(id, "reservation.rejected"))[^1];
        Assert.Equal(status, rejected.GetProperty("data").GetProperty("status").GetString());
        Assert.Empty((await server.Http.SendAsync("GET", $"/api/v1/reservations?chargeBoxId={id}")).Json.GetProperty("reservations").EnumerateArray());
    }

    [Fact]
    public async Task Cancel_Accepted_EndsIt()
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectReadyAsync(id);
        var reservationId = (await ReserveAsync(charger, id, "Accepted")).Reply.Json.GetProperty("reservationId").GetInt32();

        var asked = server.Http.SendAsync("DELETE", $"/api/v1/reservations/{reservationId}");
        var call = await charger.NextCallAsync();
        await charger.AnswerAsync(call, """{"status":"Accepted"}""");

        Assert.Equal("""{"message":"Reservation cancelled successfully"}""", (await asked).Body);
        Assert.Equal(("CancelReservation", reservationId), (call.Action, call.Payload.GetProperty("reservationId").GetInt32()));
        Assert.Equal("cancelled", (await FindAsync(reservationId)).GetProperty("status").GetString());
        Assert.Contains(await server.WaitForEventsAsync(id, "reservation.cancelled"), item => item.GetProperty("event").GetString() == "reservation.cancelled");
        (await server.Http.SendAsync("DELETE", $"/api/v1/reservations/{reservationId}")).AssertError(409, "CONFLICT", "cancelled already");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)] // chargers leave the id out
    public async Task StartTransaction_OfAReservation_UsesIt(bool named)
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectReadyAsync(id);
        var reservationId = (await ReserveAsync(charger, id, "Accepted")).Reply.Json.GetProperty("reservationId").GetInt32();

        var started = await charger.CallAsync(
            "StartTransaction",
            $$"""{"connectorId":1,"idTag":"tag-7","meterStart":0,"timestamp":"2026-02-06T14:30:00Z"{{(named ? $",\"reservationId\":{reservationId}" : "")}}}""");

        var transactionId = started.Payload.GetProperty("transactionId").GetInt32();
        var reservation = await FindAsync(reservationId);
        Assert.Equal(("used", transactionId), (reservation.GetProperty("status").GetString(), reservation.GetProperty("transactionId").GetInt32()));
        var events = await server.WaitForEventsAsync(id, "reservation.used");
        Assert.Equal(transactionId, events.Single(item => item.GetProperty("event").GetString() == "reservation.used").GetProperty("data").GetProperty("transactionId").GetInt32());
    }

    [Theory]
    [InlineData("""{"connectorId":1,"idTag":"A","expiresAt":"2099-01-01T00:00:00Z"}""", "'chargeBoxId' is required")]
    [InlineData("""{"chargeBoxId":"X","connectorId":-1,"idTag":"A","expiresAt":"2099-01-01T00:00:00Z"}""", "'connectorId' must be a whole number from 0 up, not -1.")]
    [InlineData("""{"chargeBoxId":"X","connectorId":1,"expiresAt":"2099-01-01T00:00:00Z"}""", "'idTag' is required")]
    [InlineData("""{"chargeBoxId":"X","connectorId":1,"idTag":"123456789012345678901","expiresAt":"2099-01-01T00:00:00Z"}""", "'idTag' must have 1 to 20 characters.")]
    [InlineData("""{"chargeBoxId":"X","connectorId":1,"idTag":"A"}""", "'expiresAt' is required")]
    [InlineData("""{"chargeBoxId":"X","connectorId":1,"idTag":"A","expiresAt":"2020-01-01T00:00:00Z"}""", "'expiresAt' must be in the future.")]
    public async Task Reserve_WhatIsNotAllowed_IsRefusedInWords(string body, string message) =>
        (await server.Http.SendAsync("POST", "/api/v1/reservations", body)).AssertError(400, "VALIDATION_ERROR", message);

    [Fact]
    public async Task Find_OfAnotherTenant_IsMissing()
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectReadyAsync(id);
        var reservationId = (await ReserveAsync(charger, id, "Accepted")).Reply.Json.GetProperty("reservationId").GetInt32();
        var other = await server.Capacitor.AddTenantAsync(Capacitor.Tenants.Tier.Scale);

        (await other.Http.SendAsync("GET", $"/api/v1/reservations/{reservationId}")).AssertError(404, "NOT_FOUND");
        (await other.Http.SendAsync("DELETE", $"/api/v1/reservations/{reservationId}")).AssertError(404, "NOT_FOUND");
    }

    private async Task<(Reply Reply, FakeCall Call)> ReserveAsync(FakeCharger charger, string id, string status)
    {
        var asked = server.Http.SendAsync("POST", "/api/v1/reservations", $$"""{"chargeBoxId":"{{id}}","connectorId":1,"idTag":"TAG-7","expiresAt":"{{Later}}"}""");
        var call = await charger.NextCallAsync();
        await charger.AnswerAsync(call, $$"""{"status":"{{status}}"}""");
        return (await asked, call);
    }

    private async Task<JsonElement> FindAsync(int reservationId) => (await server.Http.SendAsync("GET", $"/api/v1/reservations/{reservationId}")).Json;
}

using System.Text.Json;
using Capacitor.Api.Tests.Ocpp;
using Capacitor.Testing;

namespace Capacitor.Api.Tests.Commands;

/// <summary>What ends by itself, with nobody saying anything: told by the watch.</summary>
public sealed class OverdueTests
{
    [Fact]
    public async Task RemoteStart_NoTransactionComesOfIt_IsToldAsFailed()
    {
        var edge = await EdgeFixture.StartAsync(("Capacitor:Chargers:RemoteStartPatience", "00:00:01"));
        await using var server = edge.Server;
        var id = await edge.AddChargerAsync();
        await using var charger = await edge.ConnectAsync(id);
        await charger.CallAsync("Heartbeat");
        var asked = server.Http.SendAsync("POST", "/api/v1/transactions/start", $$"""{"chargeBoxId":"{{id}}","connectorId":1,"idTag":"FAR"}""");
        await charger.AnswerAsync(await charger.NextCallAsync(), """{"status":"Accepted"}""");
        var command = (await asked).Json.GetProperty("commandId").GetString();

        var failed = await WaitAsync(edge, id, "transaction.start_failed");
        Assert.Equal($$"""{"chargeBoxId":"{{id}}","connectorId":1,"idTag":"FAR","reason":"no_transaction","commandId":"{{command}}"}""", failed.GetRawText());

        // One that comes after all is a transaction of its own.
        var started = await charger.CallAsync("StartTransaction", """{"connectorId":1,"idTag":"FAR","meterStart":0,"timestamp":"2026-02-06T14:30:00Z"}""");
        var transaction = (await server.Http.SendAsync("GET", $"/api/v1/transactions/{started.Payload.GetProperty("transactionId").GetInt32()}")).Json;
        Assert.False(transaction.GetProperty("remoteStarted").GetBoolean());
    }

    [Fact]
    public async Task Reservation_ItsTimeIsOver_IsToldAcrossARestart()
    {
        var edge = await EdgeFixture.StartAsync();
        await using var server = edge.Server;
        var id = await edge.AddChargerAsync();
        int reservationId;
        await using (var charger = await edge.ConnectAsync(id))
        {
            await charger.CallAsync("Heartbeat");
            var expiresAt = TimeProvider.System.GetUtcNow().AddSeconds(3).ToString("O");
            var asked = server.Http.SendAsync("POST", "/api/v1/reservations", $$"""{"chargeBoxId":"{{id}}","connectorId":1,"idTag":"TAG","expiresAt":"{{expiresAt}}"}""");
            await charger.AnswerAsync(await charger.NextCallAsync(), """{"status":"Accepted"}""");
            reservationId = (await asked).Json.GetProperty("reservationId").GetInt32();
            await server.RestartAsync();
        }

        Assert.Equal(reservationId, (await WaitAsync(edge, id, "reservation.expired")).GetProperty("reservationId").GetInt32());
        Assert.Equal("expired", (await server.Http.SendAsync("GET", $"/api/v1/reservations/{reservationId}")).Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Delete_ChargerWithCommandsAndReservations_EndsThem()
    {
        var edge = await EdgeFixture.StartAsync();
        await using var server = edge.Server;
        var id = await edge.AddChargerAsync();
        await using var charger = await edge.ConnectAsync(id);
        await charger.CallAsync("Heartbeat");
        var asked = server.Http.SendAsync("POST", "/api/v1/reservations", $$"""{"chargeBoxId":"{{id}}","connectorId":1,"idTag":"TAG","expiresAt":"2099-01-01T00:00:00Z"}""");
        await charger.AnswerAsync(await charger.NextCallAsync(), """{"status":"Accepted"}""");
        var reservationId = (await asked).Json.GetProperty("reservationId").GetInt32();
        var reset = await server.Http.SendAsync("POST", $"/api/v1/chargers/{id}/reset?async=true", """{"type":"Soft"}""");
        await charger.NextCallAsync();

        Assert.Equal(200, (await server.Http.SendAsync("DELETE", $"/api/v1/chargers/{id}")).Status);

        var command = (await server.Http.SendAsync("GET", $"/api/v1/commands/{reset.Json.GetProperty("commandId").GetString()}")).Json;
        Assert.Equal(("failed", "charger_deleted"), (command.GetProperty("status").GetString(), command.GetProperty("reason").GetString()));
        Assert.Equal("cancelled", (await server.Http.SendAsync("GET", $"/api/v1/reservations/{reservationId}")).Json.GetProperty("status").GetString());
        Assert.Equal("charger.deleted", (await edge.EventsAsync(id))[^1].GetProperty("event").GetString());
    }

    private static async Task<JsonElement> WaitAsync(EdgeFixture edge, string id, string type)
    {
        var path = $"/api/v1/events?chargeBoxId={id}&type={type}&wait=20";
        for (var attempt = 0; attempt < 3; attempt++)
        {
            if ((await edge.Server.Http.SendAsync("GET", path)).Json.GetProperty("events") is var events && events.GetArrayLength() > 0)
            {
                return events[0].GetProperty("data");
            }
        }

        Assert.Fail($"{id} has no {type}.");
        return default;
    }
}

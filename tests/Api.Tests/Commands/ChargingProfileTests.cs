using System.Text.Json;
using Capacitor.Testing;

namespace Capacitor.Api.Tests.Commands;

/// <summary>What a charger is given of charging profiles, and what is known of it afterwards.</summary>
[Collection(ApiServer.Collection)]
public sealed class ChargingProfileTests(ApiServer server)
{
    [Fact]
    public async Task Set_Accepted_IsStoredAndTold()
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectReadyAsync(id);

        Assert.Equal(200, (await SetAsync(charger, id, 0, 1, "ChargePointMaxProfile", 0, 16.5m)).Status);

        var profile = Assert.Single(await ListAsync(id));
        Assert.Equal((1, 0), (profile.GetProperty("chargingProfileId").GetInt32(), profile.GetProperty("connectorId").GetInt32()));
        Assert.Equal("ChargePointMaxProfile", profile.GetProperty("chargingProfile").GetProperty("chargingProfilePurpose").GetString());
        var events = await server.WaitForEventsAsync(id, "load.limit_applied");
        Assert.Equal(
            $$"""{"chargingProfileId":1,"chargeBoxId":"{{id}}","connectorId":0,"transactionId":null,"purpose":"ChargePointMaxProfile","stackLevel":0}""",
            Data(events, "charging_profile.applied").GetRawText());
        Assert.Equal(
            $$"""{"chargeBoxId":"{{id}}","connectorId":0,"limit":16.5,"unit":"A","source":"capacitor","isGridCritical":false,"chargingProfileId":1}""",
            Data(events, "load.limit_applied").GetRawText());
    }

    [Fact]
    public async Task Set_SamePurposeAndLevel_Replaces()
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectReadyAsync(id);
        await SetAsync(charger, id, 1, 1, "TxDefaultProfile", 2, 10m);
        await SetAsync(charger, id, 1, 2, "TxDefaultProfile", 2, 12m);
        await SetAsync(charger, id, 1, 3, "TxDefaultProfile", 3, 14m);

        Assert.Equal([3, 2], (await ListAsync(id)).Select(profile => profile.GetProperty("chargingProfileId").GetInt32()));
    }

    [Fact]
    public async Task Set_Rejected_IsToldAndNotStored()
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectReadyAsync(id);

        (await SetAsync(charger, id, 1, 1, "TxDefaultProfile", 0, 10m, "NotSupported")).AssertError(409, "COMMAND_REJECTED");

        Assert.Empty(await ListAsync(id));
        Assert.Equal("NotSupported", Data(await server.WaitForEventsAsync(id, "charging_profile.rejected"), "charging_profile.rejected").GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("id=1", new[] { 3, 2 })]
    [InlineData("connectorId=1", new[] { 3 })]
    [InlineData("chargingProfilePurpose=TxDefaultProfile", new[] { 3 })]
    [InlineData("stackLevel=1", new[] { 3, 1 })]
    [InlineData("", new int[0])]
    public async Task Clear_Accepted_ForgetsThoseThatMatch(string query, int[] left)
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectReadyAsync(id);
        await SetAsync(charger, id, 1, 1, "TxDefaultProfile", 0, 10m);
        await SetAsync(charger, id, 1, 2, "TxDefaultProfile", 1, 10m);
        await SetAsync(charger, id, 0, 3, "ChargePointMaxProfile", 0, 10m);

        var asked = server.Http.SendAsync("DELETE", $"/api/v1/chargers/{id}/charging-profiles?{query}");
        await charger.AnswerAsync(await charger.NextCallAsync(), """{"status":"Accepted"}""");
        Assert.Equal(200, (await asked).Status);

        Assert.Equal(left, (await ListAsync(id)).Select(profile => profile.GetProperty("chargingProfileId").GetInt32()));
        Assert.Contains(await server.WaitForEventsAsync(id, "load.limit_released"), item => item.GetProperty("event").GetString() == "charging_profile.cleared");
    }

    private async Task<Reply> SetAsync(FakeCharger charger, string id, int connector, int profile, string purpose, int level, decimal limit, string status = "Accepted")
    {
        var asked = server.Http.SendAsync("POST", $"/api/v1/chargers/{id}/charging-profiles", FormattableString.Invariant(
            $$$$"""
            {"connectorId":{{{{connector}}}},"csChargingProfiles":{"chargingProfileId":{{{{profile}}}},"stackLevel":{{{{level}}}},"chargingProfilePurpose":"{{{{purpose}}}}","chargingProfileKind":"Absolute",
            "chargingSchedule":{"chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":{{{{limit}}}}}]}}}
            """));
        await charger.AnswerAsync(await charger.NextCallAsync(), $$"""{"status":"{{status}}"}""");
        return await asked;
    }

    private async Task<IReadOnlyList<JsonElement>> ListAsync(string id) =>
        [.. (await server.Http.SendAsync("GET", $"/api/v1/chargers/{id}/charging-profiles")).Json.GetProperty("chargingProfiles").EnumerateArray()];

    private static JsonElement Data(IReadOnlyList<JsonElement> events, string name) =>
        events.Single(item => item.GetProperty("event").GetString() == name).GetProperty("data");
}

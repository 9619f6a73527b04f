using Capacitor.Ocpp.V16;

namespace Capacitor.Api.Tests.Octt;

/// <summary>Limits.</summary>
internal static partial class OcttCases
{
    private static async Task DefaultProfileAsync(OcttStation station)
    {
        await station.BeginAsync();
        await SetProfileAsync(station, 1, Profile(1, "TxDefaultProfile"));
    }

    private static async Task SessionProfileAsync(OcttStation station)
    {
        await station.BeginAsync();
        var transaction = await station.ChargeAsync();
        await SetProfileAsync(station, 1, Profile(1, "TxProfile", transaction));
    }

    private static async Task RemoteStartWithProfileAsync(OcttStation station)
    {
        await station.BeginAsync();
        await RemoteStartAsync(station, Profile(1, "TxProfile"));
        await station.AuthorizeAsync();
        await station.StatusAsync(ConnectorStatuses.Preparing);
        await ChargeRemotelyAsync(station);
    }

    private static async Task CompositeScheduleAsync(OcttStation station)
    {
        await station.BeginAsync();
        var (call, told) = await station.CommandAtAsync(
            "GET", $"/api/v1/chargers/{station.Id}/charging-profiles/composite-schedule?connectorId=1&duration=300&chargingRateUnit=W", null, "GetCompositeSchedule",
            """
            {"status":"Accepted","connectorId":1,"scheduleStart":"2025-01-31T12:00:00Z",
            "chargingSchedule":{"duration":300,"chargingRateUnit":"W","chargingSchedulePeriod":[{"startPeriod":0,"limit":6000}]}}
            """);
        Expect("the time that is asked about", "300", call.GetProperty("duration").GetRawText());
        Expect(
            "the limit that the API tells", "6000",
            told.GetProperty("chargingSchedule").GetProperty("chargingSchedulePeriod")[0].GetProperty("limit").GetRawText());
    }

    private static async Task ClearProfilesAsync(OcttStation station)
    {
        await station.BeginAsync();
        var transaction = await station.ChargeAsync();
        await SetProfileAsync(station, 0, Profile(1, "ChargePointMaxProfile"));
        await SetProfileAsync(station, 1, Profile(2, "TxDefaultProfile"));
        await SetProfileAsync(station, 1, Profile(3, "TxProfile", transaction));

        await ClearAsync(station, "?id=1", """{"id":1}""");
        await ClearAsync(
            station, "?connectorId=1&chargingProfilePurpose=TxDefaultProfile&stackLevel=0",
            """{"connectorId":1,"chargingProfilePurpose":"TxDefaultProfile","stackLevel":0}""");
        await ClearAsync(station, "", "{}");
    }

    private static async Task SetProfileAsync(OcttStation station, int connectorId, object csChargingProfiles)
    {
        var (call, _) = await station.CommandAsync("charging-profiles", new { connectorId, csChargingProfiles }, "SetChargingProfile");
        Expect("the connector that is limited", $"{connectorId}", call.GetProperty("connectorId").GetRawText());
    }

    private static async Task ClearAsync(OcttStation station, string query, string payload)
    {
        var (call, _) = await station.CommandAtAsync("DELETE", $"/api/v1/chargers/{station.Id}/charging-profiles{query}", null, "ClearChargingProfile");
        Expect("what is cleared", payload, call.GetRawText());
    }

    private static Dictionary<string, object> Profile(int id, string purpose, int? transaction = null)
    {
        var profile = new Dictionary<string, object>
        {
            ["chargingProfileId"] = id,
            ["stackLevel"] = 0,
            ["chargingProfilePurpose"] = purpose,
            ["chargingProfileKind"] = "Absolute",
            ["chargingSchedule"] = new
            {
                duration = 3600, startSchedule = "2025-01-31T12:00:00Z", chargingRateUnit = "W",
                chargingSchedulePeriod = new[] { new { startPeriod = 0, limit = 6000, numberPhases = 3 } },
            },
        };
        if (transaction is { } running)
        {
            profile["transactionId"] = running;
        }

        return profile;
    }
}

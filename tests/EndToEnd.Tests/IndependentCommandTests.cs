using System.Net.Http.Json;
using System.Text.Json;
using Capacitor.Ocpp.V16;
using Xunit;

namespace Capacitor.EndToEnd.Tests;

/// <summary>
/// Every command of the HTTP API, carried out by npm ocpp-rpc in strict mode. It has the schemas of OCPP 1.6 and of the security white paper, so that no command is left out: it refuses a CALL of ours
/// that is not as they say, and tells of an answer of ours that is not.
/// </summary>
public class IndependentCommandTests
{
    private const string Charger = "RDAM 123";
    private const string OfCharger = "/api/v1/chargers/RDAM%20123/";
    private const string Pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

    private static readonly string Hash = new('a', 64);

    /// <summary>With all that a command may say, so that the judge sees every member.</summary>
    private static readonly IReadOnlyList<Asked> Commands =
    [
        Post("reset", new { type = "Hard" }, Ocpp16Actions.Reset),
        Post("unlock", new { connectorId = 1 }, Ocpp16Actions.UnlockConnector),
        Post("cache/clear", null, Ocpp16Actions.ClearCache),
        Post("trigger", new { requestedMessage = "StatusNotification", connectorId = 1 }, Ocpp16Actions.TriggerMessage),
        Post("trigger", new { requestedMessage = "Heartbeat" }, Ocpp16Actions.TriggerMessage),
        Post("trigger/extended", new { requestedMessage = "SignChargePointCertificate" }, Ocpp16Actions.ExtendedTriggerMessage),
        Post("trigger/extended", new { requestedMessage = "LogStatusNotification", connectorId = 1 }, Ocpp16Actions.ExtendedTriggerMessage),
        Post("availability", new { connectorId = 0, type = "Inoperative" }, Ocpp16Actions.ChangeAvailability),
        Post("configuration/get", null, Ocpp16Actions.GetConfiguration),
        Post("configuration/get", new { key = new[] { "HeartbeatInterval", "NoSuchKey" } }, Ocpp16Actions.GetConfiguration),
        Post("configuration/change", new { key = "HeartbeatInterval", value = "300" }, Ocpp16Actions.ChangeConfiguration),
        Post(
            "firmware/update", new { location = "https://files.example.com/fw.bin", retries = 3, retrieveDate = "2026-02-06T14:30:00Z", retryInterval = 60 },
            Ocpp16Actions.UpdateFirmware),
        Post(
            "firmware/update-signed",
            new
            {
                retries = 1,
                retryInterval = 60,
                requestId = 7,
                firmware = new
                {
                    location = "https://files.example.com/fw.bin",
                    retrieveDateTime = "2026-02-06T14:30:00Z",
                    installDateTime = "2026-02-06T15:30:00+01:00",
                    signingCertificate = Pem,
                    signature = "c2ln",
                },
            },
            Ocpp16Actions.SignedUpdateFirmware),
        Post(
            "diagnostics",
            new { location = "https://files.example.com/up", retries = 1, retryInterval = 60, startTime = "2026-02-06T14:30:00Z", stopTime = "2026-02-06T15:30:00Z" },
            Ocpp16Actions.GetDiagnostics),
        Post(
            "log",
            new
            {
                logType = "SecurityLog",
                requestId = 8,
                retries = 1,
                retryInterval = 60,
                log = new { remoteLocation = "https://files.example.com/up", oldestTimestamp = "2026-02-06T14:30:00Z", latestTimestamp = "2026-02-06T15:30:00Z" },
            },
            Ocpp16Actions.GetLog),
        Post("data-transfer", new { vendorId = "com.example", messageId = "hello", data = "Ünïcode ⚡" }, Ocpp16Actions.DataTransfer),
        Post("local-list", new { listVersion = 2, updateType = "Full" }, Ocpp16Actions.SendLocalList), // of the tenant's tags
        Post(
            "local-list",
            new
            {
                listVersion = 3,
                updateType = "Differential",
                localAuthorizationList = new object[]
                {
                    new { idTag = "TAG-1", idTagInfo = new { status = "Accepted", parentIdTag = "GROUP", expiryDate = "2099-01-01T00:00:00Z" } }, new { idTag = "TAG-2" },
                },
            },
            Ocpp16Actions.SendLocalList),
        Post("local-list/version", null, Ocpp16Actions.GetLocalListVersion),
        Post("charging-profiles", new { connectorId = 0, csChargingProfiles = Profile(1, "ChargePointMaxProfile") }, Ocpp16Actions.SetChargingProfile),
        new("GET", OfCharger + "charging-profiles/composite-schedule?connectorId=1&duration=3600&chargingRateUnit=W", null, Ocpp16Actions.GetCompositeSchedule),
        new("DELETE", OfCharger + "charging-profiles?id=1", null, Ocpp16Actions.ClearChargingProfile),
        new("DELETE", OfCharger + "charging-profiles?connectorId=0&chargingProfilePurpose=ChargePointMaxProfile&stackLevel=0", null, Ocpp16Actions.ClearChargingProfile),
        Post("certificates", new { certificateType = "CentralSystemRootCertificate", certificate = Pem }, Ocpp16Actions.InstallCertificate),
        new("GET", OfCharger + "certificates?certificateType=ManufacturerRootCertificate", null, Ocpp16Actions.GetInstalledCertificateIds),
        new(
            "DELETE", OfCharger + $"certificates?hashAlgorithm=SHA256&issuerNameHash={Hash}&issuerKeyHash={Hash}&serialNumber=01", null, Ocpp16Actions.DeleteCertificate),
        Post("certificates/sign", new { certificateChain = Pem }, Ocpp16Actions.CertificateSigned),
        Post("call", new { action = "GetLocalListVersion", payload = new { } }, Ocpp16Actions.GetLocalListVersion),
    ];

    [Fact]
    public async Task OcppRpcInStrictMode_IsGivenEveryCommand_AndFindsNoFault()
    {
        using var data = new TemporaryDirectory();
        await using var server = await ServerProcess.StartAsync(data.Path);
        await server.RegisterChargerAsync(Charger);
        foreach (var tag in new object[] { new { idTag = "TAG-1", parentIdTag = "GROUP", expiresAt = "2099-01-01T00:00:00.000Z" }, new { idTag = "TAG-2", status = "Blocked" } })
        {
            using var added = await server.Http.PostAsJsonAsync("/api/v1/id-tags", tag);
            Assert.True(added.IsSuccessStatusCode, await added.Content.ReadAsStringAsync());
        }

        await using var client = NodeClient.Start("charger-commands.mjs", server.OcppUrl, Charger);
        await client.NextAsync("ready");
        List<Asked> asked = [];
        foreach (var command in Commands)
        {
            await AskAsync(command);
        }

        var reservation = await AskAsync(new(
            "POST", "/api/v1/reservations", new { chargeBoxId = Charger, connectorId = 1, idTag = "TAG-1", parentIdTag = "GROUP", expiresAt = "2099-01-01T00:00:00Z" }, Ocpp16Actions.ReserveNow));
        await AskAsync(new("DELETE", $"/api/v1/reservations/{reservation.GetProperty("reservationId")}", null, Ocpp16Actions.CancelReservation));
        await ChargeAsync("/api/v1/transactions/start", new { chargeBoxId = Charger, connectorId = 1, idTag = "APP", chargingProfile = Profile(2, "TxProfile") });
        await ChargeAsync(OfCharger + "remote-start", new { connectorId = 1, idTag = "APP" });

        await client.SendAsync("end");
        var said = (await client.NextAsync("done")).GetProperty("done").EnumerateArray().Select(action => action.GetString());
        Assert.Equal(Ocpp16Actions.ToCharger.Order(), asked.Select(command => command.Action).Distinct().Order());
        Assert.Empty(Ocpp16Actions.FromCharger.Except(said!).Except([Ocpp16Actions.Authorize, Ocpp16Actions.DataTransfer, Ocpp16Actions.MeterValues])); // see charger-life.mjs
        Assert.Empty(await OperationsAsync(server, command => asked.Any(done => command.IsOf(done))));

        async Task ChargeAsync(string path, object body)
        {
            await AskAsync(new("POST", path, body, Ocpp16Actions.RemoteStartTransaction));
            var transaction = (await client.NextAsync("started")).GetProperty("started").GetInt32();
            await AskAsync(new("POST", $"/api/v1/transactions/{transaction}/stop", null, Ocpp16Actions.RemoteStopTransaction));
            Assert.Equal(transaction, (await client.NextAsync("stopped")).GetProperty("stopped").GetInt32());
        }

        async Task<JsonElement> AskAsync(Asked command)
        {
            asked.Add(command);
            using var request = new HttpRequestMessage(new(command.Method), command.Path) { Content = command.Body is null ? null : JsonContent.Create(command.Body) };
            using var answer = await server.Http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode, $"{command.Method} {command.Path}: {text}\n{client.Output}");
            Assert.Equal(command.Action, (await client.NextAsync("answered")).GetProperty("answered").GetString());
            return JsonElement.Parse(text);
        }
    }

    private static Asked Post(string path, object? body, string action) => new("POST", OfCharger + path, body, action);

    private static object Profile(int id, string purpose) => new
    {
        chargingProfileId = id,
        stackLevel = 0,
        chargingProfilePurpose = purpose,
        chargingProfileKind = "Recurring",
        recurrencyKind = "Daily",
        validFrom = "2026-02-06T00:00:00Z",
        validTo = "2099-01-01T00:00:00Z",
        chargingSchedule = new
        {
            duration = 3600,
            startSchedule = "2026-02-06T14:30:00Z",
            chargingRateUnit = "A",
            minChargingRate = 6.1,
            chargingSchedulePeriod = new[] { new { startPeriod = 0, limit = 16.1, numberPhases = 3 }, new { startPeriod = 1800, limit = 8.7, numberPhases = 1 } },
        },
    };

    /// <summary>The operations of the API's own document that wait for a charger, since a timeout is among their answers, and are not among those asked.</summary>
    private static async Task<IReadOnlyList<string>> OperationsAsync(ServerProcess server, Func<Operation, bool> isAsked)
    {
        var paths = (await server.Http.GetFromJsonAsync<JsonElement>("/openapi/v1.json")).GetProperty("paths");
        var commands = paths.EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject(), (path, operation) => (Operation: new Operation(operation.Name, path.Name), operation.Value))
            .Where(found => found.Value.TryGetProperty("responses", out var answers) && answers.TryGetProperty("504", out _))
            .Select(found => found.Operation)
            .ToList();
        Assert.True(commands.Count > Ocpp16Actions.ToCharger.Count, string.Join('\n', commands));
        return [.. commands.Where(command => !isAsked(command)).Select(command => command.ToString())];
    }

    private sealed record Asked(string Method, string Path, object? Body, string Action);

    private sealed record Operation(string Method, string Path)
    {
        public bool IsOf(Asked asked)
        {
            var (mine, theirs) = (Path.Split('/'), asked.Path.Split('?')[0].Split('/'));
            return asked.Method.Equals(Method, StringComparison.OrdinalIgnoreCase)
                && mine.Length == theirs.Length && mine.Zip(theirs).All(part => part.First == part.Second || part.First.StartsWith('{'));
        }
    }
}

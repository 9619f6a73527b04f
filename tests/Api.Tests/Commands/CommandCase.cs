using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace Capacitor.Api.Tests.Commands;

/// <summary>One command of the API: how it is asked for, what the charger gets, and what it may answer.</summary>
public sealed record CommandCase : IXunitSerializable
{
    private static readonly string Hash = new('a', 64);

    public string Method { get; private set; } = "POST";

    /// <summary>Below the charger.</summary>
    public string Path { get; private set; } = "";

    public string? Body { get; private set; }

    public string Action { get; private set; } = "";

    /// <summary>What the charger is sent.</summary>
    public string Payload { get; private set; } = "{}";

    public string Yes { get; private set; } = """{"status":"Accepted"}""";

    /// <summary>Null: the action's answer has no status, so that only an error is a no.</summary>
    public string? No { get; private set; } = """{"status":"Rejected"}""";

    public static IReadOnlyList<CommandCase> All { get; } =
    [
        Post("reset", "Reset", """{"type":"Soft"}"""),
        Post("unlock", "UnlockConnector", """{"connectorId":1}""") with { Yes = """{"status":"Unlocked"}""", No = """{"status":"UnlockFailed"}""" },
        Post("cache/clear", "ClearCache", null),
        Post("trigger", "TriggerMessage", """{"requestedMessage":"StatusNotification","connectorId":1}""") with { No = """{"status":"NotImplemented"}""" },
        Post("trigger/extended", "ExtendedTriggerMessage", """{"requestedMessage":"LogStatusNotification"}"""),
        Post("availability", "ChangeAvailability", """{"connectorId":0,"type":"Inoperative"}""") with { Yes = """{"status":"Scheduled"}""" },
        Post("configuration/get", "GetConfiguration", """{"key":["HeartbeatInterval"]}""") with
        {
            Yes = """{"configurationKey":[{"key":"HeartbeatInterval","readonly":false,"value":"300"}],"unknownKey":[]}""",
            No = null,
        },
        Post("configuration/change", "ChangeConfiguration", """{"key":"HeartbeatInterval","value":"300"}""") with
        {
            Yes = """{"status":"RebootRequired"}""",
            No = """{"status":"NotSupported"}""",
        },
        Post("firmware/update", "UpdateFirmware", """{"location":"https://files.example.com/fw.bin","retries":3,"retrieveDate":"2026-02-06T14:30:00.000Z","retryInterval":60}""") with
        {
            Yes = "{}",
            No = null,
        },
        Post("firmware/update-signed", "SignedUpdateFirmware",
            """{"retries":1,"requestId":7,"firmware":{"location":"https://files.example.com/fw.bin","retrieveDateTime":"2026-02-06T14:30:00.000Z","signingCertificate":"PEM","signature":"c2ln"}}""") with
        {
            Yes = """{"status":"AcceptedCanceled"}""",
            No = """{"status":"InvalidCertificate"}""",
        },
        Post("diagnostics", "GetDiagnostics", """{"location":"https://files.example.com/up"}""") with { Yes = """{"fileName":"diag.zip"}""", No = null },
        Post("log", "GetLog", """{"logType":"SecurityLog","requestId":8,"log":{"remoteLocation":"https://files.example.com/up"}}""") with
        {
            Yes = """{"status":"Accepted","filename":"log.zip"}""",
        },
        Post("data-transfer", "DataTransfer", """{"vendorId":"com.example","messageId":"hello","data":"world"}""") with { No = """{"status":"UnknownVendorId"}""" },
        Post("local-list", "SendLocalList",
            """{"listVersion":3,"localAuthorizationList":[{"idTag":"TAG-1","idTagInfo":{"status":"Accepted"}}],"updateType":"Full"}""") with { No = """{"status":"VersionMismatch"}""" },
        Post("local-list/version", "GetLocalListVersion", null) with { Yes = """{"listVersion":3}""", No = null },
        Post("charging-profiles", "SetChargingProfile",
            """
            {"connectorId":0,"csChargingProfiles":{"chargingProfileId":1,"stackLevel":0,"chargingProfilePurpose":"ChargePointMaxProfile","chargingProfileKind":"Absolute",
            "chargingSchedule":{"chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":16.5}]}}}
            """),
        new() { Method = "DELETE", Path = "charging-profiles?id=1", Action = "ClearChargingProfile", Payload = """{"id":1}""", No = """{"status":"Unknown"}""" },
        new()
        {
            Method = "GET", Path = "charging-profiles/composite-schedule?connectorId=1&duration=3600&chargingRateUnit=W", Action = "GetCompositeSchedule",
            Payload = """{"connectorId":1,"duration":3600,"chargingRateUnit":"W"}""",
            Yes = """{"status":"Accepted","connectorId":1,"chargingSchedule":{"chargingRateUnit":"W","chargingSchedulePeriod":[{"startPeriod":0,"limit":11000}]}}""",
        },
        Post("certificates", "InstallCertificate", """{"certificateType":"CentralSystemRootCertificate","certificate":"PEM"}""") with { No = """{"status":"Failed"}""" },
        Post("certificates/sign", "CertificateSigned", """{"certificateChain":"PEM"}"""),
        new()
        {
            Method = "GET", Path = "certificates?certificateType=CentralSystemRootCertificate", Action = "GetInstalledCertificateIds",
            Payload = """{"certificateType":"CentralSystemRootCertificate"}""", Yes = """{"status":"Accepted"}""", No = """{"status":"NotFound"}""",
        },
        new()
        {
            Method = "DELETE", Path = $"certificates?hashAlgorithm=SHA256&issuerNameHash={Hash}&issuerKeyHash={Hash}&serialNumber=01", Action = "DeleteCertificate",
            Payload = $$$"""{"certificateHashData":{"hashAlgorithm":"SHA256","issuerNameHash":"{{{Hash}}}","issuerKeyHash":"{{{Hash}}}","serialNumber":"01"}}""",
            No = """{"status":"NotFound"}""",
        },
        new() { Path = "call", Body = """{"action":"Reset","payload":{"type":"Hard"}}""", Action = "Reset", Payload = """{"type":"Hard"}""" },
        Post("remote-start", "RemoteStartTransaction", """{"connectorId":1,"idTag":"TAG-1"}"""),
        new() { Path = "/api/v1/transactions/{number}/stop", Action = "RemoteStopTransaction", Payload = """{"transactionId":{number}}""" },
        new()
        {
            Path = "/api/v1/reservations", Body = """{"chargeBoxId":"{id}","connectorId":1,"idTag":"TAG-1","expiresAt":"2099-01-01T00:00:00.000Z"}""", Action = "ReserveNow",
            Payload = """{"connectorId":1,"expiryDate":"2099-01-01T00:00:00.000Z","idTag":"TAG-1","reservationId":{any}}""", No = """{"status":"Occupied"}""",
        },
        new() { Method = "DELETE", Path = "/api/v1/reservations/{number}", Action = "CancelReservation", Payload = """{"reservationId":{number}}""" },
    ];

    /// <summary>The path as it is asked for. <paramref name="number"/> is of the transaction or reservation that it concerns.</summary>
    public string PathOf(string chargeBoxId, int number) => Path.StartsWith('/') ? Path.Replace("{number}", $"{number}") : $"/api/v1/chargers/{chargeBoxId}/{Path}";

    /// <summary>True when the same JSON was sent, in whatever order of members.</summary>
    public bool IsSent(string payload, int number)
    {
        var expected = Payload.Replace("{number}", $"{number}");
        if (expected.Contains("{any}", StringComparison.Ordinal))
        {
            expected = expected.Replace("{any}", JsonNode.Parse(payload)!["reservationId"]!.ToJsonString());
        }

        return JsonNode.DeepEquals(JsonNode.Parse(payload), JsonNode.Parse(expected));
    }

    public void Deserialize(IXunitSerializationInfo info)
    {
        Method = info.GetValue<string>(nameof(Method));
        Path = info.GetValue<string>(nameof(Path));
        Body = info.GetValue<string?>(nameof(Body));
        Action = info.GetValue<string>(nameof(Action));
        Payload = info.GetValue<string>(nameof(Payload));
        Yes = info.GetValue<string>(nameof(Yes));
        No = info.GetValue<string?>(nameof(No));
    }

    public void Serialize(IXunitSerializationInfo info)
    {
        info.AddValue(nameof(Method), Method);
        info.AddValue(nameof(Path), Path);
        info.AddValue(nameof(Body), Body);
        info.AddValue(nameof(Action), Action);
        info.AddValue(nameof(Payload), Payload);
        info.AddValue(nameof(Yes), Yes);
        info.AddValue(nameof(No), No);
    }

    public override string ToString() => $"{Method} {Path.Split('?')[0]}";

    private static CommandCase Post(string path, string action, string? payload) => new() { Path = path, Body = payload, Action = action, Payload = payload ?? "{}" };
}

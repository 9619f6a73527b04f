using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Capacitor.Api.Docs;
using Capacitor.Ocpp.V16;
using static Capacitor.Api.Docs.Members;
using static Capacitor.Api.Docs.RouteDoc;

namespace Capacitor.Api.Commands;

/// <summary>What is said of the routes of commands.</summary>
internal static class CommandDocs
{
    private const string Hash = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string CommandId = "cmd_0123456789abcdef0123456789abcdef";

    private const string Profile = """
        {"chargingProfileId":1,"stackLevel":0,"chargingProfilePurpose":"ChargePointMaxProfile","chargingProfileKind":"Absolute",
        "chargingSchedule":{"chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":16.5}]}}
        """;

    private const string One = $$$"""
        {"id":"{{{CommandId}}}","chargeBoxId":"CHARGER-001","command":"Reset","request":{"type":"Soft"},"status":"accepted","response":{"status":"Accepted"},
        "ocppStatus":"Accepted","errorCode":null,"errorDescription":null,"reason":null,"transactionId":null,"createdAt":"2026-02-06T12:00:00.000Z",
        "sentAt":"2026-02-06T12:00:00.010Z","completedAt":"2026-02-06T12:00:00.250Z"}
        """;

    /// <summary>How long the caller waits, and whether at all.</summary>
    public static readonly Member[] Waiting =
    [
        May.Words("async", "true: answers 202 at once, with the `commandId` to ask for", "true", "false").Default("false"),
        May.Whole("timeout", "How many seconds the charger has, its place in the queue included", 1, 120).Default(30),
    ];

    private static readonly Member[] Begun =
    [
        Must.Text("message", "For people"), Must.Text("chargeBoxId", "Which"), Must.Text("status", "The charger's word, in lower case"), Must.Text("commandId", "Its history"),
    ];

    private static readonly Member ConnectorOrAll = Must.Whole("connectorId", "0: the charger as a whole", 0);
    private static readonly Member Location = Must.Text("location", "An absolute URL that the charger reaches");
    private static readonly Member[] Retries =
        [May.Whole("retries", "How often the charger tries", 0), May.Whole("retryInterval", "Seconds between its attempts", 0)];

    public static DocSection Section => new(
        "Commands",
        "What a charger can be asked for. Bodies are OCPP's own payloads, checked before anything is sent. A command waits for its turn, one at a time per charger; the answer comes when the charger's has, "
        + "or with `?async=true` at once. Every command has a history.",
        Ask("reset", "Reset a charger", Ocpp16Actions.Reset, """{"type":"Soft"}""", """{"status":"Accepted"}""",
            Must.Words("type", "Soft: it ends its transactions first", "Soft", "Hard")),
        Ask("unlock", "Unlock a connector", Ocpp16Actions.UnlockConnector, """{"connectorId":1}""", """{"status":"Unlocked"}""", Must.Whole("connectorId", "Which", 1)),
        Ask("cache/clear", "Clear the authorization cache", Ocpp16Actions.ClearCache, null, """{"status":"Accepted"}"""),
        Ask("trigger", "Trigger a message", Ocpp16Actions.TriggerMessage, """{"requestedMessage":"StatusNotification","connectorId":1}""", """{"status":"Accepted"}""",
            Must.Words("requestedMessage", "What it should send", MessageTriggers.Words.All), May.Whole("connectorId", "For which connector", 1)),
        Ask("trigger/extended", "Trigger a message of the security extension", Ocpp16Actions.ExtendedTriggerMessage, """{"requestedMessage":"LogStatusNotification"}""",
            """{"status":"Accepted"}""", Must.Words("requestedMessage", "What it should send", ExtendedMessageTriggers.Words.All), May.Whole("connectorId", "For which connector", 1)),
        Ask("availability", "Change availability", Ocpp16Actions.ChangeAvailability, """{"connectorId":0,"type":"Inoperative"}""", """{"status":"Scheduled"}""",
            ConnectorOrAll, Must.Words("type", "Whether it may be used", "Inoperative", "Operative")),
        Ask("configuration/get", "Read the configuration", Ocpp16Actions.GetConfiguration, """{"key":["HeartbeatInterval"]}""",
            """{"configurationKey":[{"key":"HeartbeatInterval","readonly":false,"value":"300"}],"unknownKey":[]}""", May.Texts("key", "Only these; all when left out")),
        Ask("configuration/change", "Change the configuration", Ocpp16Actions.ChangeConfiguration, """{"key":"HeartbeatInterval","value":"300"}""", """{"status":"RebootRequired"}""",
            Must.Text("key", "Which", 50), Must.Text("value", "May be empty", 500, 0)),
        Ask("firmware/update", "Update the firmware", Ocpp16Actions.UpdateFirmware,
            """{"location":"https://files.example.com/fw.bin","retrieveDate":"2026-02-06T14:30:00.000Z"}""", "{}",
            [Location, Must.Time("retrieveDate", "From when on it may fetch it"), .. Retries]),
        Ask("firmware/update-signed", "Update the firmware with a signature", Ocpp16Actions.SignedUpdateFirmware,
            """{"requestId":7,"firmware":{"location":"https://files.example.com/fw.bin","retrieveDateTime":"2026-02-06T14:30:00.000Z","signingCertificate":"-----BEGIN CERTIFICATE-----…","signature":"c2ln"}}""",
            """{"status":"Accepted"}""", [Must.Whole("requestId", "Comes again in `firmware.status_changed`"), Must.Ocpp<SignedFirmware>("firmware", "What to install"), .. Retries]),
        Ask("diagnostics", "Upload diagnostics", Ocpp16Actions.GetDiagnostics, """{"location":"https://files.example.com/up"}""", """{"fileName":"diag.zip"}""",
            [Location, May.Time("startTime", "From when on"), May.Time("stopTime", "Until when"), .. Retries]),
        Ask("log", "Upload a log", Ocpp16Actions.GetLog, """{"logType":"SecurityLog","requestId":8,"log":{"remoteLocation":"https://files.example.com/up"}}""",
            """{"status":"Accepted","filename":"log.zip"}""",
            [Must.Words("logType", "Which", "DiagnosticsLog", "SecurityLog"), Must.Whole("requestId", "Comes again in `diagnostics.status_changed`"), Must.Ocpp<LogLocation>("log", "Where to, and of what time"), .. Retries]),
        Ask("data-transfer", "Send data of a vendor", Ocpp16Actions.DataTransfer, """{"vendorId":"com.example","messageId":"hello","data":"world"}""", """{"status":"Accepted","data":"hi"}""",
            Must.Text("vendorId", "Whose", 255), May.Text("messageId", "Which", 50), May.Text("data", "What")),
        Ask("local-list", "Send the local list", Ocpp16Actions.SendLocalList,
            """{"listVersion":3,"updateType":"Full","localAuthorizationList":[{"idTag":"TAG-1","idTagInfo":{"status":"Accepted"}}]}""", """{"status":"Accepted"}""",
            Must.Whole("listVersion", "Of the list after the change", 1), Must.Words("updateType", "Whether it replaces the list", "Differential", "Full"),
            May.Objects("localAuthorizationList", "OCPP's own; left out of a full list: your id tags, up to 2,000", Must.Text("idTag", "Which", 20), May.Ocpp<IdTagInfo>("idTagInfo", "Left out in a differential list: the tag is removed"))),
        Ask("local-list/version", "Read the version of the local list", Ocpp16Actions.GetLocalListVersion, null, """{"listVersion":3}"""),
        Ask("charging-profiles", "Set a charging profile", Ocpp16Actions.SetChargingProfile, $$$"""{"connectorId":0,"csChargingProfiles":{{{Profile}}}}""", """{"status":"Accepted"}""",
            ConnectorOrAll, Must.Ocpp<ChargingProfile>("csChargingProfiles", "The limits, and when they hold")),
        Get("/chargers/{chargeBoxId}/charging-profiles", "List charging profiles", "What the charger took and was not told to drop, as far as this server knows. Newest first.")
            .Asks(May.Words("purpose", "Only these", ChargingProfilePurposes.Words.All)).Pages()
            .Gives(200, $$$"""
                {"chargingProfiles":[{"chargingProfileId":1,"connectorId":0,"chargingProfile":{{{Profile}}},"appliedAt":"2026-02-06T12:00:00.000Z"}],
                "pagination":{"total":1,"limit":50,"offset":0}}
                """),
        Answer(Delete("/chargers/{chargeBoxId}/charging-profiles", "Clear charging profiles", "Those that match; all when nothing is given (ClearChargingProfile)")
            .Asks(
            [
                May.Whole("id", "The one of this id", 0), May.Whole("connectorId", "Those of a connector", 0),
                May.Words("chargingProfilePurpose", "Those for this", ChargingProfilePurposes.Words.All), May.Whole("stackLevel", "Those of this level", 0),
            ]), Ocpp16Actions.ClearChargingProfile, "{}", """{"status":"Accepted"}"""),
        Answer(Get("/chargers/{chargeBoxId}/charging-profiles/composite-schedule", "Read the composite schedule", "What all profiles together allow (GetCompositeSchedule).")
            .Asks(
            [
                Must.Whole("connectorId", "0: the charger as a whole", 0), Must.Whole("duration", "Seconds", 0), May.Words("chargingRateUnit", "In which unit", "A", "W"),
            ]), Ocpp16Actions.GetCompositeSchedule, "{}",
            """{"status":"Accepted","connectorId":1,"scheduleStart":"2026-02-06T12:00:00.000Z","chargingSchedule":{"chargingRateUnit":"W","chargingSchedulePeriod":[{"startPeriod":0,"limit":11000}]}}"""),
        Ask("certificates", "Install a certificate", Ocpp16Actions.InstallCertificate,
            """{"certificateType":"CentralSystemRootCertificate","certificate":"-----BEGIN CERTIFICATE-----…"}""", """{"status":"Accepted"}""",
            Must.Words("certificateType", "What it is for", "CentralSystemRootCertificate", "ManufacturerRootCertificate"), Must.Text("certificate", "PEM", 5500)),
        Answer(Get("/chargers/{chargeBoxId}/certificates", "List certificates of a charger", "Asks the charger (GetInstalledCertificateIds).")
            .Asks(Must.Words("certificateType", "Which", "CentralSystemRootCertificate", "ManufacturerRootCertificate")), Ocpp16Actions.GetInstalledCertificateIds, "{}",
            $$$"""{"status":"Accepted","certificateHashData":[{"hashAlgorithm":"SHA256","issuerNameHash":"{{{Hash}}}","issuerKeyHash":"{{{Hash}}}","serialNumber":"01"}]}"""),
        Answer(Delete("/chargers/{chargeBoxId}/certificates", "Delete a certificate of a charger", "The one that the parameters name, as the list shows it (DeleteCertificate).")
            .Asks(
            [
                Must.Words("hashAlgorithm", "Of the hashes", "SHA256", "SHA384", "SHA512"), Must.Text("issuerNameHash", "As listed", 128), Must.Text("issuerKeyHash", "As listed", 128),
                Must.Text("serialNumber", "As listed", 40),
            ]), Ocpp16Actions.DeleteCertificate, "{}", """{"status":"Accepted"}"""),
        Ask("certificates/sign", "Hand over a signed certificate", Ocpp16Actions.CertificateSigned, """{"certificateChain":"-----BEGIN CERTIFICATE-----…"}""", """{"status":"Accepted"}""",
            Must.Text("certificateChain", "PEM: the charger's certificate, then those above it", 10000)),
        Post("/chargers/{chargeBoxId}/call", "Call any action", "For what has no path of its own. Payloads of actions that OCPP knows are checked; others go as they are.")
            .Asks(Waiting)
            .Takes("""{"action":"Reset","payload":{"type":"Hard"}}""", Must.Text("action", "OCPP's, or a vendor's", 50), May.Free("payload", "{} when left out").OrNull())
            .Writes(200, $$$"""{"chargeBoxId":"CHARGER-001","action":"Reset","status":"accepted","commandId":"{{{CommandId}}}","payload":{"status":"Accepted"}}""",
                Must.Text("chargeBoxId", "Which"), Must.Text("action", "Which"), Must.Text("status", "The charger's word, in lower case"), Must.Text("commandId", "Its history"),
                Must.Free("payload", "What the charger answered"))
            .Writes(202, Queued("Reset"), Begun)
            .Commands("Reset"),
        Get("/chargers/{chargeBoxId}/commands", "List commands", "Newest first; kept for 90 days.")
            .Asks(May.Words("status", "Only these", CommandBody.Statuses), May.Text("command", "Only of this OCPP action", 50)).Pages()
            .Gives(200, $$$"""{"commands":[{{{One}}}],"pagination":{"total":1,"limit":50,"offset":0}}"""),
        Get("/commands/{commandId}", "Get a command", "How far it has come: `queued`, `sent`, and then `accepted`, `rejected`, `timeout`, `late` (answered after its time) or `failed` (with a `reason`).")
            .Gives(200, One));

    /// <summary>A command whose body is OCPP's payload.</summary>
    private static RouteDoc Ask(
        string path, string summary, string action, [StringSyntax(StringSyntaxAttribute.Json)] string? example, [StringSyntax(StringSyntaxAttribute.Json)] string answer,
        params IEnumerable<Member> members)
    {
        var route = Post($"/chargers/{{chargeBoxId}}/{path}", summary, $"OCPP's {action}.");
        return Answer(example is null ? route : route.Takes(example, members), action, example ?? "{}", answer, members);
    }

    private static RouteDoc Answer(RouteDoc route, string action, string request, string answer, params IEnumerable<Member> members)
    {
        var spec = CommandSpec.All.Append(CommandSpec.LocalList).FirstOrDefault(spec => spec.Action == action);
        var said = JsonNode.Parse(answer)!.AsObject();
        var asked = JsonNode.Parse(request)!.AsObject();
        JsonObject example = new()
        {
            ["message"] = $"{(spec ?? new CommandSpec("", action, action)).Describe(JsonSerializer.SerializeToElement(asked, CommandDocsJson.Default.JsonObject))} accepted by charger",
            ["chargeBoxId"] = "CHARGER-001",
        };
        foreach (var member in spec?.Echo ?? [])
        {
            if (asked[member] is { } value)
            {
                example[member] = value.DeepClone();
            }
        }

        example["status"] = CommandResult.Word((string?)said["status"]);
        example["commandId"] = CommandId;
        foreach (var (name, value) in said.Where(member => member.Key != "status"))
        {
            example[name] = value?.DeepClone();
        }

        var echo = members.Where(member => spec?.Echo.Contains(member.Name) == true).Select(member => member with { Required = false }).ToList();
        var own = said.Select(member => member.Key).Except([.. echo.Select(member => member.Name), "status"]).Select(AsAnswered);
        return route.Asks(Waiting)
            .Writes(200, example.ToJsonString(), [.. Begun, .. echo, .. own])
            .Writes(202, Queued(action), [.. Begun, .. echo])
            .Commands(action);
    }

    private static string Queued(string action) =>
        $$$"""{"message":"{{{action}}} queued","chargeBoxId":"CHARGER-001","status":"queued","commandId":"{{{CommandId}}}"}""";

    // What the charger says besides is its own: it is shown as it came.
    private static Member AsAnswered(string name) => new(name, Required: false, new JsonObject { ["description"] = "As the charger answered" });
}

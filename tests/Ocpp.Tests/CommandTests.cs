using System.Text;
using Capacitor.Ocpp.Payloads;
using Capacitor.Ocpp.Tests.Schemas;
using Capacitor.Ocpp.V16;
using Xunit;

namespace Capacitor.Ocpp.Tests;

/// <summary>The catalogue of what a charger may be sent.</summary>
public sealed class CommandTests
{
    private static Ocpp16CommandAnswer Answer(string action, string payload) =>
        Ocpp16Commands.Find(action)!.ReadAnswer(Encoding.UTF8.GetBytes(payload));

    private static string Json(Ocpp16CommandAnswer answer) => Encoding.UTF8.GetString(answer.Payload.Span);

    [Fact]
    public void Find_EveryActionToACharger_IsThere()
    {
        Assert.Equal(Ocpp16Actions.ToCharger, Ocpp16Commands.All.Select(command => command.Action));
        Assert.All(Ocpp16Actions.ToCharger, action => Assert.Equal(action, Ocpp16Commands.Find(action)?.Action));
        Assert.Null(Ocpp16Commands.Find("BootNotification"));
        Assert.Null(Ocpp16Commands.Find("reset"));
    }

    [Fact]
    public void Find_EveryAction_IsBoundToItsOwnMessages() => Assert.All(Ocpp16Commands.All, command =>
    {
        var request = MessageCases.All.Single(message => message.Schema == command.Action).Sample;
        var answer = MessageCases.All.Single(message => message.Schema == command.Action + "Response").Sample;

        Assert.True(command.Check(Encoding.UTF8.GetBytes(request)).IsValid);
        Assert.Empty(command.ReadAnswer(Encoding.UTF8.GetBytes(answer)).Anomalies);
    });

    [Theory]
    [InlineData("Reset", "Accepted")]
    [InlineData("UnlockConnector", "Unlocked")]
    [InlineData("ChangeAvailability", "Accepted Scheduled")]
    [InlineData("ChangeConfiguration", "Accepted RebootRequired")]
    [InlineData("GetLog", "Accepted AcceptedCanceled")]
    [InlineData("SignedUpdateFirmware", "Accepted AcceptedCanceled")]
    [InlineData("ClearChargingProfile", "Accepted")]
    [InlineData("DataTransfer", "Accepted")]
    [InlineData("GetConfiguration", "")]
    [InlineData("GetDiagnostics", "")]
    [InlineData("GetLocalListVersion", "")]
    [InlineData("UpdateFirmware", "")]
    public void Successes_Action_AreTheWordsThatSayYes(string action, string words) =>
        Assert.Equal(words.Split(' ', StringSplitOptions.RemoveEmptyEntries), Ocpp16Commands.Find(action)!.Successes);

    [Theory]
    [InlineData("Reset", """{"status":"Accepted"}""", "Accepted", true)]
    [InlineData("Reset", """{"status":"accepted"}""", "Accepted", true)]
    [InlineData("Reset", """{"status":"Rejected"}""", "Rejected", false)]
    [InlineData("Reset", """{"status":"Later"}""", "Later", false)]
    [InlineData("Reset", """{}""", null, false)]
    [InlineData("UnlockConnector", """{"status":"NotSupported"}""", "NotSupported", false)]
    [InlineData("ChangeAvailability", """{"status":"Scheduled"}""", "Scheduled", true)]
    [InlineData("ClearChargingProfile", """{"status":"Unknown"}""", "Unknown", false)]
    [InlineData("GetLocalListVersion", """{"listVersion":0}""", null, true)]
    [InlineData("UpdateFirmware", """{}""", null, true)]
    [InlineData("UpdateFirmware", "null", null, true)]
    [InlineData("GetDiagnostics", """{}""", null, true)]
    public void ReadAnswer_Status_IsTheWordAndWhatItMeans(string action, string payload, string? status, bool isSuccess)
    {
        var answer = Answer(action, payload);

        Assert.Equal((status, isSuccess), (answer.Status, answer.IsSuccess));
    }

    [Fact]
    public void ReadAnswer_SettingsOfWrongTypes_AreUnderstood()
    {
        var answer = Answer(
            "GetConfiguration",
            """
            {"configurationKey":[{"key":"A","readonly":0,"value":300},{"key":"B","readonly":"True","value":{"x":1}},{"key":"C","readonly":1,"value":true},
            {"key":"D","value":""}],"unknownKey":"Nonsense"}
            """);

        Assert.Equal(
            """
            {"configurationKey":[{"key":"A","readonly":false,"value":"300"},{"key":"B","readonly":true,"value":"{\"x\":1}"},{"key":"C","readonly":true,"value":"true"},{"key":"D","value":""}],"unknownKey":["Nonsense"]}
            """,
            Json(answer));
        Assert.Equal(
            [AnomalyKind.Converted, AnomalyKind.Missing, AnomalyKind.Wrapped], answer.Anomalies.Select(anomaly => anomaly.Kind).Distinct());
    }

    [Fact]
    public void ReadAnswer_PartThatIsNone_LeavesTheStatusKnown()
    {
        const string payload = """{"status":"Accepted","chargingSchedule":{"chargingRateUnit":"A"}}""";

        var answer = Answer("GetCompositeSchedule", payload);

        Assert.True(answer.IsSuccess);
        Assert.Equal(payload, Json(answer));
        Assert.Equal("chargingSchedule.chargingSchedulePeriod", Assert.Single(answer.Anomalies).Path);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"Accepted\"")]
    [InlineData("""{"status":"Accepted""")]
    public void ReadAnswer_NoObject_IsAnEmptyOne(string payload)
    {
        var answer = Answer("Reset", payload);

        Assert.False(answer.IsSuccess);
        Assert.Equal("{}", Json(answer));
        Assert.Single(answer.Anomalies);
    }

    [Fact]
    public void ReadAnswer_UnknownMembers_AreLeftOut()
    {
        var answer = Answer("Reset", """{"status":"Accepted","vendor":{"x":1}}""");

        Assert.Equal("""{"status":"Accepted"}""", Json(answer));
        Assert.Equal(AnomalyKind.UnknownMember, Assert.Single(answer.Anomalies).Kind);
    }
}

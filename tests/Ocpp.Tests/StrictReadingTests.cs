using System.Text;
using Capacitor.Ocpp.Payloads;
using Capacitor.Ocpp.V16;
using Xunit;

namespace Capacitor.Ocpp.Tests;

/// <summary>What our own users send is held to the document, in words that help them.</summary>
public sealed class StrictReadingTests
{
    private const string Profile =
        """
        {"connectorId":1,"csChargingProfiles":{"chargingProfileId":1,"stackLevel":0,"chargingProfilePurpose":"TxDefaultProfile","chargingProfileKind":"Relative",
        "chargingSchedule":{"chargingRateUnit":"A","chargingSchedulePeriod":PERIODS}}}
        """;

    [Theory]
    [InlineData("Reset", """{"type":"Medium"}""", "type must be one of Hard, Soft.")]
    [InlineData("Reset", """{"type":"hard"}""", "type must be written Hard.")]
    [InlineData("Reset", """{"Type":"Hard"}""", "Type must be written type.")]
    [InlineData("Reset", """{"type":null}""", "type is required: one of Hard, Soft.")]
    [InlineData("Reset", """{"type":7}""", "type must be one of Hard, Soft, not a number.")]
    [InlineData("Reset", """[]""", "The payload must be a JSON object.")]
    [InlineData("Reset", """{"type":"Hard" """, "The payload is not valid JSON.")]
    [InlineData("Reset", """{"type":"Hard"} {}""", "The payload is not valid JSON.")]
    [InlineData("RemoteStartTransaction", """{"idTag":""}""", "idTag must not be empty.")]
    [InlineData("RemoteStartTransaction", """{"idTag":4711}""", "idTag must be a string, not a number.")]
    [InlineData("RemoteStartTransaction", """{"idTag":"123456789012345678901"}""", "idTag has 21 characters; at most 20 are allowed.")]
    [InlineData("RemoteStartTransaction", """{"idTag":"A","connectorId":0}""", "connectorId must be at least 1.")]
    [InlineData("UnlockConnector", """{"connectorId":0}""", "connectorId must be at least 1.")]
    [InlineData("UnlockConnector", """{"connectorId":"1"}""", "connectorId must be a whole number, not a string.")]
    [InlineData("UnlockConnector", """{"connectorId":1.5}""", "connectorId must be a whole number.")]
    [InlineData("UnlockConnector", """{"connectorId":99999999999}""", "connectorId must lie between -2147483648 and 2147483647.")]
    [InlineData("ReserveNow", """{"connectorId":-1,"expiryDate":"2025-01-31T12:00:00Z","idTag":"A","reservationId":1}""", "connectorId must be at least 0.")]
    [InlineData("ReserveNow", """{"connectorId":0,"expiryDate":"tomorrow","idTag":"A","reservationId":1}""", "expiryDate must be a time such as 2025-01-31T12:00:00.000Z.")]
    [InlineData("ReserveNow", """{"connectorId":0,"expiryDate":"2025-01-31 12:00","idTag":"A","reservationId":1}""", "expiryDate must be a time such as 2025-01-31T12:00:00.000Z.")]
    [InlineData("UpdateFirmware", """{"location":"/2.bin","retrieveDate":"2025-01-31T12:00:00Z"}""", "location must be an absolute URI such as https://example.com/file.")]
    [InlineData("GetDiagnostics", """{"location":"files.example.com"}""", "location must be an absolute URI such as https://example.com/file.")]
    [InlineData("GetDiagnostics", """{"location":"ftp://files.example.com","retries":-1}""", "retries must be at least 0.")]
    [InlineData("GetConfiguration", """{"key":"HeartbeatInterval"}""", "key must be an array, not a string.")]
    [InlineData("GetConfiguration", """{"key":["A",7]}""", "key[1] must be a string, not a number.")]
    [InlineData("GetConfiguration", """{"key":["A",null]}""", "key[1] must be a string.")]
    [InlineData("GetConfiguration", """{"key":["123456789012345678901234567890123456789012345678901"]}""", "key[0] has 51 characters; at most 50 are allowed.")]
    [InlineData("SendLocalList", """{"listVersion":1,"updateType":"Full","localAuthorizationList":[7]}""", "localAuthorizationList[0] must be an object.")]
    public void Check_Mistake_SaysWhereAndWhatIsAllowed(string action, string payload, string sentence)
    {
        var request = Ocpp16Commands.Find(action)!.Check(Encoding.UTF8.GetBytes(payload));

        Assert.False(request.IsValid);
        Assert.Contains(sentence, request.Mistakes.Select(mistake => mistake.ToString()));
        Assert.True(request.Payload.IsEmpty);
    }

    [Theory]
    [InlineData("[]", "csChargingProfiles.chargingSchedule.chargingSchedulePeriod must not be empty.")]
    [InlineData("""{"startPeriod":0,"limit":1}""", "csChargingProfiles.chargingSchedule.chargingSchedulePeriod must be an array, not an object.")]
    [InlineData("""[{"startPeriod":0,"limit":16.05}]""", "csChargingProfiles.chargingSchedule.chargingSchedulePeriod[0].limit must be at least 0 and have one digit after the point at most.")]
    [InlineData("""[{"startPeriod":0,"limit":-1}]""", "csChargingProfiles.chargingSchedule.chargingSchedulePeriod[0].limit must be at least 0 and have one digit after the point at most.")]
    [InlineData("""[{"startPeriod":-1,"limit":1}]""", "csChargingProfiles.chargingSchedule.chargingSchedulePeriod[0].startPeriod must be at least 0.")]
    [InlineData("""[{"startPeriod":0,"limit":1,"numberPhases":4}]""", "csChargingProfiles.chargingSchedule.chargingSchedulePeriod[0].numberPhases must be at most 3.")]
    public void Check_ChargingProfile_IsHeldToTheDocument(string periods, string sentence)
    {
        var request = Ocpp16Commands.Find("SetChargingProfile")!.Check(Encoding.UTF8.GetBytes(Profile.Replace("PERIODS", periods, StringComparison.Ordinal)));

        Assert.Equal(sentence, Assert.Single(request.Mistakes).ToString());
    }

    [Theory]
    [InlineData("Reset", """{ "type": "Soft", "reason": "unknown members are left out" }""", """{"type":"Soft"}""")]
    [InlineData("ClearCache", "", "{}")]
    [InlineData("ClearCache", "null", "{}")]
    [InlineData("ChangeConfiguration", """{"key":"A","value":""}""", """{"key":"A","value":""}""")]
    [InlineData("GetConfiguration", """{"key":[]}""", """{"key":[]}""")]
    [InlineData("SendLocalList", """{"listVersion":1,"updateType":"Full","localAuthorizationList":[]}""", """{"listVersion":1,"localAuthorizationList":[],"updateType":"Full"}""")]
    [InlineData("ReserveNow", """{"connectorId":0,"expiryDate":"2025-01-31T13:00:00\u002B01:00","idTag":"A","reservationId":1}""", """{"connectorId":0,"expiryDate":"2025-01-31T12:00:00.000Z","idTag":"A","reservationId":1}""")]
    [InlineData("UpdateFirmware", """{"location":"sftp://files.example.com:22/2.bin","retrieveDate":"2025-01-31T12:00:00Z"}""", """{"location":"sftp://files.example.com:22/2.bin","retrieveDate":"2025-01-31T12:00:00.000Z"}""")]
    public void Check_ProperRequest_IsWrittenAsItIsToBeSent(string action, string payload, string sent)
    {
        var request = Ocpp16Commands.Find(action)!.Check(Encoding.UTF8.GetBytes(payload));

        Assert.Empty(request.Mistakes);
        Assert.Equal(sent, Encoding.UTF8.GetString(request.Payload.Span));
    }

    [Theory]
    [InlineData("16")]
    [InlineData("16.0")]
    [InlineData("16.1")]
    [InlineData("1.1e1")]
    public void Check_Limits_AreComparedAsDecimals(string limit)
    {
        var periods = $$"""[{"startPeriod":0,"limit":{{limit}}}]""";

        Assert.True(Ocpp16Commands.Find("SetChargingProfile")!.Check(Encoding.UTF8.GetBytes(Profile.Replace("PERIODS", periods, StringComparison.Ordinal))).IsValid);
    }

    [Fact]
    public void ReadStrict_SeveralMistakes_AreAllTold()
    {
        var reading = Ocpp16Reader.ReadStrict<ReserveNowRequest>("""{"connectorId":-1,"idTag":"","reservationId":"x"}"""u8);

        Assert.Equal(["connectorId", "idTag", "reservationId", "expiryDate"], reading.Mistakes.Select(mistake => mistake.Path));
    }

    [Fact]
    public void ReadStrict_ManyUnknownMembers_HideNoMistake()
    {
        var members = string.Join(",", Enumerable.Range(0, 100).Select(i => $"\"m{i}\":1"));

        var reading = Ocpp16Reader.ReadStrict<ResetRequest>(Encoding.UTF8.GetBytes("{" + members + ",\"type\":\"Medium\"}"));

        Assert.Equal(new Mistake("type", "must be one of Hard, Soft."), Assert.Single(reading.Mistakes));
    }

    [Fact]
    public void ReadStrict_Mistakes_NeverQuoteATag()
    {
        var reading = Ocpp16Reader.ReadStrict<RemoteStartTransactionRequest>("""{"idTag":"0123456789SECRET0123456789"}"""u8);

        Assert.DoesNotContain("SECRET", Assert.Single(reading.Mistakes).ToString(), StringComparison.Ordinal);
    }
}

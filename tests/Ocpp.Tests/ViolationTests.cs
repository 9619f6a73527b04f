using System.Text;
using Capacitor.Ocpp.Payloads;
using Capacitor.Ocpp.V16;
using Xunit;

namespace Capacitor.Ocpp.Tests;

public sealed class ViolationTests
{
    private static Reading<T> Read<T>(string payload)
        where T : class, IPayload<T> => Ocpp16Reader.Read<T>(Encoding.UTF8.GetBytes(payload));

    [Theory]
    [InlineData("""{}""", "OccurenceConstraintViolation", "connectorId: is required.")]
    [InlineData("""{"connectorId":1,"errorCode":"NoError"}""", "OccurenceConstraintViolation", "status: is required.")]
    [InlineData("""{"connectorId":{},"errorCode":"NoError","status":"Available"}""", "TypeConstraintViolation", "connectorId: must be a whole number, not an object.")]
    [InlineData("""{"connectorId":"one","errorCode":"NoError","status":"Available"}""", "TypeConstraintViolation", "connectorId: must be a whole number, not such a string.")]
    [InlineData("""{"connectorId":1,"errorCode":[],"status":"Available"}""", "TypeConstraintViolation", "errorCode: must be a string, not an array.")]
    [InlineData("""{"connectorId":99999999999,"errorCode":"NoError","status":"Available"}""", "PropertyConstraintViolation", "connectorId: must lie between -2147483648 and 2147483647.")]
    [InlineData("""{"connectorId":1e99,"errorCode":"NoError","status":"Available"}""", "PropertyConstraintViolation", "connectorId: is too large for a whole number.")]
    [InlineData("""[]""", "FormationViolation", "The payload must be a JSON object.")]
    [InlineData("""{"connectorId":1""", "FormationViolation", "The payload is not valid JSON.")]
    public void Read_Violation_NamesTheMemberAndTheRule(string payload, string code, string description)
    {
        var reading = Read<StatusNotificationRequest>(payload);

        Assert.Equal(new Violation(code, description), reading.Violation);
        Assert.Null(reading.Value);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"connectorId":{},"idTag":[],"meterStart":true,"meterStop":{},"timestamp":{},"transactionId":"x","transactionData":7,"meterValue":"x","reason":[]}""")]
    [InlineData("""{"connectorId":99999999999,"transactionId":1e99,"meterStart":1e99,"meterStop":"1e99","meterValue":[[],7,{"sampledValue":7}],"transactionData":[{}]}""")]
    public void Read_MessagesThatMustBeAnswered_AreNeverViolations(string payload)
    {
        Assert.True(Read<StartTransactionRequest>(payload).IsUsable);
        Assert.True(Read<StopTransactionRequest>(payload).IsUsable);
        Assert.True(Read<MeterValuesRequest>(payload).IsUsable);
        Assert.NotEmpty(Read<StartTransactionRequest>(payload).Anomalies);
    }

    [Fact]
    public void Read_UnusableMembers_LeaveTheOthersAlone()
    {
        var reading = Read<StopTransactionRequest>("""{"transactionId":{},"meterStop":true,"timestamp":"yesterday","idTag":"A","reason":"Remote"}""");

        Assert.Equal(new StopTransactionRequest { IdTag = "A", Reason = "Remote" }, reading.Value);
    }

    [Fact]
    public void Read_ManyAnomalies_AreKeptInBounds()
    {
        var members = string.Join(",", Enumerable.Range(0, 10_000).Select(i => $"\"m{i}\":1"));
        var reading = Read<AuthorizeRequest>("{" + members + ",\"idTag\":{}}");

        Assert.Equal(32, reading.Anomalies.Count);
        Assert.Equal("idTag: must be a string, not an object.", reading.Violation?.Description);
    }

    [Fact]
    public void Read_Anomalies_NeverQuoteATag()
    {
        var reading = Read<StartTransactionRequest>("""{"connectorId":1,"idTag":"0123456789SECRET0123456789","meterStart":0,"timestamp":"2025-01-31T12:00:00Z"}""");

        Assert.DoesNotContain("SECRET", string.Join(' ', reading.Anomalies), StringComparison.Ordinal);
        Assert.Equal("has 26 characters; at most 20 are allowed.", Assert.Single(reading.Anomalies).Detail);
    }
}

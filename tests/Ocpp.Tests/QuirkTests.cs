using System.Text;
using Capacitor.Ocpp.Payloads;
using Capacitor.Ocpp.V16;
using Xunit;

namespace Capacitor.Ocpp.Tests;

/// <summary>What real chargers send, frame by frame, and what becomes of it.</summary>
public sealed class QuirkTests
{
    private static Reading<T> Read<T>(string payload)
        where T : class, IPayload<T> => Ocpp16Reader.Read<T>(Encoding.UTF8.GetBytes(payload));

    private static Reading<T> ReadFrame<T>(string text)
        where T : class, IPayload<T>
    {
        var frame = OcppFrame.Read(Encoding.UTF8.GetBytes(text));
        Assert.Equal(OcppFrameKind.Call, frame.Kind);
        return Ocpp16Reader.Read<T>(frame.Payload);
    }

    private static void AssertNoted<T>(Reading<T> reading, params (AnomalyKind Kind, string Path)[] expected)
        where T : class => Assert.Equal(expected, reading.Anomalies.Select(anomaly => (anomaly.Kind, anomaly.Path)));

    [Fact]
    public void Read_NullPayload_IsAnEmptyObject()
    {
        var reading = ReadFrame<HeartbeatRequest>("""[2,"1","Heartbeat",null]""");

        Assert.True(reading.IsUsable);
        Assert.Empty(reading.Anomalies);
        Assert.True(Read<HeartbeatRequest>("null").IsUsable);
        Assert.True(Read<HeartbeatRequest>("").IsUsable);
    }

    [Fact]
    public void Read_NumbersAsStrings_AreConverted()
    {
        var reading = ReadFrame<StartTransactionRequest>(
            """[2,"1","StartTransaction",{"connectorId":"1","idTag":4711,"meterStart":"1234.6","timestamp":"2025-01-31T12:00:00Z"}]""");

        Assert.Equal(1, reading.Value!.ConnectorId);
        Assert.Equal("4711", reading.Value.IdTag);
        Assert.Equal(1235, reading.Value.MeterStart);
        AssertNoted(
            reading,
            (AnomalyKind.Converted, "connectorId"), (AnomalyKind.Converted, "idTag"), (AnomalyKind.Converted, "meterStart"), (AnomalyKind.Rounded, "meterStart"));
    }

    [Theory]
    [InlineData("1000", 1000, false)]
    [InlineData("1000.0", 1000, false)]
    [InlineData("1e3", 1000, false)]
    [InlineData("1000.5", 1001, true)]
    [InlineData("-3", -3, false)]
    [InlineData("5000000000", 5_000_000_000, false)]
    public void Read_MeterStart_IsAWholeNumberOfWattHours(string number, long expected, bool isNoted)
    {
        var reading = Read<StartTransactionRequest>(
            $$"""{"connectorId":1,"idTag":"A","meterStart":{{number}},"timestamp":"2025-01-31T12:00:00Z"}""");

        Assert.Equal(expected, reading.Value!.MeterStart);
        Assert.Equal(isNoted, reading.Anomalies.Count > 0);
    }

    [Fact]
    public void Read_SampleValueAsNumber_IsKeptAsText()
    {
        var reading = ReadFrame<MeterValuesRequest>(
            """[2,"1","MeterValues",{"connectorId":1,"meterValue":[{"timestamp":"2025-01-31T12:00:00Z","sampledValue":[{"value":12.30}]}]}]""");

        Assert.Equal("12.30", reading.Value!.MeterValue![0].SampledValue![0].Value);
        AssertNoted(reading, (AnomalyKind.Converted, "meterValue[0].sampledValue[0].value"));
    }

    [Fact]
    public void Read_MeterValueAndSampleAsObjects_AreWrapped()
    {
        var reading = ReadFrame<MeterValuesRequest>(
            """[2,"1","MeterValues",{"connectorId":1,"meterValue":{"timestamp":"2025-01-31T12:00:00Z","sampledValue":{"value":"7"}}}]""");

        Assert.Equal("7", Assert.Single(Assert.Single(reading.Value!.MeterValue!).SampledValue!).Value);
        AssertNoted(reading, (AnomalyKind.Wrapped, "meterValue"), (AnomalyKind.Wrapped, "meterValue.sampledValue"));
    }

    [Fact]
    public void Read_TransactionDataAsObject_IsWrapped()
    {
        var reading = ReadFrame<StopTransactionRequest>(
            """
            [2,"1","StopTransaction",{"transactionId":7,"meterStop":5,"timestamp":"2025-01-31T12:00:00Z",
            "transactionData":{"timestamp":"2025-01-31T12:00:00Z","sampledValue":[{"value":"7"}]}}]
            """);

        Assert.Single(reading.Value!.TransactionData!);
        AssertNoted(reading, (AnomalyKind.Wrapped, "transactionData"));
    }

    [Fact]
    public void Read_EmptySamples_AreLeftOut()
    {
        var reading = ReadFrame<MeterValuesRequest>(
            """
            [2,"1","MeterValues",{"connectorId":1,"meterValue":[
              {"timestamp":"2025-01-31T12:00:00Z","sampledValue":[]},
              {"timestamp":"2025-01-31T12:00:00Z","sampledValue":[{"value":""},{"value":"7"},{"unit":"Wh"},null,"8",{}]}]}]
            """);

        Assert.True(reading.IsUsable);
        Assert.Empty(reading.Value.MeterValue![0].SampledValue!);
        Assert.Equal("7", Assert.Single(reading.Value.MeterValue[1].SampledValue!).Value);
        Assert.Equal(5, reading.Anomalies.Count(anomaly => anomaly.Kind is AnomalyKind.Skipped));
    }

    [Fact]
    public void Read_UnknownWords_AreKept()
    {
        var status = ReadFrame<StatusNotificationRequest>("""[2,"1","StatusNotification",{"connectorId":1,"errorCode":"Error","status":"Occupied"}]""");
        var meter = ReadFrame<MeterValuesRequest>(
            """
            [2,"1","MeterValues",{"connectorId":1,"meterValue":[{"timestamp":"2025-01-31T12:00:00Z","sampledValue":[{"value":"7","context":"Sample.Periodical"}]}]}]
            """);

        Assert.Equal("Error", status.Value!.ErrorCode);
        Assert.Equal("Occupied", status.Value.Status);
        AssertNoted(status, (AnomalyKind.UnknownWord, "errorCode"), (AnomalyKind.UnknownWord, "status"));
        Assert.Equal("Sample.Periodical", meter.Value!.MeterValue![0].SampledValue![0].Context);
    }

    [Fact]
    public void Read_WordInOtherCase_IsTheDocuments()
    {
        var reading = Read<StatusNotificationRequest>("""{"connectorId":1,"errorCode":"noError","status":"AVAILABLE"}""");

        Assert.Equal(ConnectorStatuses.Available, reading.Value!.Status);
        AssertNoted(reading, (AnomalyKind.OtherCase, "errorCode"), (AnomalyKind.OtherCase, "status"));
    }

    [Fact]
    public void Read_EmptyVendorAndLongModel_IsABootAllTheSame()
    {
        var reading = ReadFrame<BootNotificationRequest>(
            """[2,"1","BootNotification",{"chargePointVendor":"","chargePointModel":"A model of 23 characters"}]""");

        Assert.Equal("", reading.Value!.ChargePointVendor);
        Assert.Equal("A model of 23 characters", reading.Value.ChargePointModel);
        AssertNoted(reading, (AnomalyKind.Empty, "chargePointVendor"), (AnomalyKind.TooLong, "chargePointModel"));
    }

    [Fact]
    public void Read_BootOfNothing_IsABootAllTheSame()
    {
        var reading = ReadFrame<BootNotificationRequest>("""[2,"1","BootNotification",{}]""");

        Assert.True(reading.IsUsable);
        AssertNoted(reading, (AnomalyKind.Missing, "chargePointVendor"), (AnomalyKind.Missing, "chargePointModel"));
    }

    [Fact]
    public void Read_UnknownMembers_AreIgnored()
    {
        var reading = ReadFrame<AuthorizeRequest>("""[2,"1","Authorize",{"extra":{"a":[1,2]},"idTag":"A","idTagType":"rfid"}]""");

        Assert.Equal("A", reading.Value!.IdTag);
        AssertNoted(reading, (AnomalyKind.UnknownMember, "extra"), (AnomalyKind.UnknownMember, "idTagType"));
    }

    [Fact]
    public void Read_MembersInOtherCaseAndOrder_AreFound()
    {
        var reading = Read<StatusNotificationRequest>("""{"Status":"Available","errorCode":"NoError","connectorid":2}""");

        Assert.Equal((2, "Available", "NoError"), (reading.Value!.ConnectorId, reading.Value.Status, reading.Value.ErrorCode));
        AssertNoted(reading, (AnomalyKind.OtherCase, "Status"), (AnomalyKind.OtherCase, "connectorid"));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(-16)]
    public void Read_OddTransactionIds_AreHandedOn(int transactionId)
    {
        var reading = ReadFrame<StopTransactionRequest>(
            $$"""[2,"1","StopTransaction",{"transactionId":{{transactionId}},"meterStop":5,"timestamp":"2025-01-31T12:00:00Z"}]""");

        Assert.Equal(transactionId, reading.Value!.TransactionId);
        Assert.Empty(reading.Anomalies);
    }

    [Fact]
    public void Read_ConnectorZero_IsHandedOn() => Assert.Equal(
        0, ReadFrame<MeterValuesRequest>("""[2,"1","MeterValues",{"connectorId":0,"meterValue":[]}]""").Value!.ConnectorId);

    [Fact]
    public void Read_IdTagWithGarbageBehind_IsKeptWithReplacements()
    {
        var reading = Ocpp16Reader.Read<AuthorizeRequest>((byte[])[.. "{\"idTag\":\"01234567890123456789"u8, 0xC3, 0x28, .. "\"}"u8]);

        Assert.Equal("01234567890123456789\uFFFD(", reading.Value!.IdTag);
        AssertNoted(reading, (AnomalyKind.Garbled, "idTag"), (AnomalyKind.TooLong, "idTag"));
    }

    [Fact]
    public void Read_EmptyIdTag_IsHandedOn()
    {
        var reading = ReadFrame<AuthorizeRequest>("""[2,"1","Authorize",{"idTag":""}]""");

        Assert.Equal("", reading.Value!.IdTag);
        AssertNoted(reading, (AnomalyKind.Empty, "idTag"));
    }

    [Fact]
    public void Read_StatusWithoutTimestampOrWithEmptyTexts_IsTaken()
    {
        var reading = Read<StatusNotificationRequest>("""{"connectorId":1,"errorCode":"NoError","status":"Available","info":"","timestamp":""}""");

        Assert.Null(reading.Value!.Timestamp);
        AssertNoted(reading, (AnomalyKind.Empty, "info"), (AnomalyKind.UnreadableTimestamp, "timestamp"));
    }

    [Fact]
    public void Read_NullMembers_AreAbsent()
    {
        var reading = Read<StatusNotificationRequest>("""{"connectorId":1,"errorCode":"NoError","status":"Available","info":null,"timestamp":null}""");

        Assert.True(reading.IsUsable);
        Assert.Empty(reading.Anomalies);
        Assert.Equal("OccurenceConstraintViolation", Read<AuthorizeRequest>("""{"idTag":null}""").Violation?.Code);
    }

    [Fact]
    public void Read_DataTransferOfJson_KeepsItsText()
    {
        var reading = ReadFrame<DataTransferRequest>("""[2,"1","DataTransfer",{"vendorId":"V","data":{"a": [1, 2]},"messageId":"m"}]""");

        Assert.Equal("""{"a": [1, 2]}""", reading.Value!.Data);
        Assert.Equal("m", reading.Value.MessageId);
        AssertNoted(reading, (AnomalyKind.Converted, "data"));
    }

    [Fact]
    public void Read_LateOrOddCommandAnswer_KeepsItsWord()
    {
        Assert.Equal("Accepted", Read<ResetResponse>("""{"status":"accepted"}""").Value!.Status);
        Assert.Equal("Scheduled", Read<ResetResponse>("""{"status":"Scheduled"}""").Value!.Status);
        Assert.Equal("OccurenceConstraintViolation", Read<ResetResponse>("{}").Violation?.Code);
    }
}

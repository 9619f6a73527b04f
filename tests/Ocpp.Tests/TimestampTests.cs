using System.Globalization;
using System.Text;
using Capacitor.Ocpp.Payloads;
using Capacitor.Ocpp.V16;
using Xunit;

namespace Capacitor.Ocpp.Tests;

public sealed class TimestampTests
{
    private static Reading<HeartbeatResponse> Read(string json) => Ocpp16Reader.Read<HeartbeatResponse>(Encoding.UTF8.GetBytes($$"""{"currentTime":{{json}}}"""));

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("2025-01-31T12:00:00Z", "2025-01-31T12:00:00Z")]
    [InlineData("2025-01-31T12:00:00.5Z", "2025-01-31T12:00:00.5Z")]
    [InlineData("2025-01-31T12:00:00.1234567Z", "2025-01-31T12:00:00.1234567Z")]
    [InlineData("2025-01-31T12:00:00.123456789Z", "2025-01-31T12:00:00.1234567Z")]
    [InlineData("2025-01-31T12:00:00+02:00", "2025-01-31T10:00:00Z")]
    [InlineData("2025-01-31T12:00:00.250-05:30", "2025-01-31T17:30:00.250Z")]
    [InlineData("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z")]
    [InlineData("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z")]
    public void Read_ProperTime_IsClean(string text, string utc)
    {
        var reading = Read($"\"{text}\"");

        Assert.Equal(Utc(utc), reading.Value!.CurrentTime);
        Assert.Equal(TimeSpan.Zero, reading.Value.CurrentTime.Offset);
        Assert.Empty(reading.Anomalies);
    }

    [Theory]
    [InlineData("\"2025-01-31T12:00:00\"", "2025-01-31T12:00:00Z")]
    [InlineData("\"2025-01-31T12:00:00.123456789\"", "2025-01-31T12:00:00.1234567Z")]
    [InlineData("\"2025-01-31T12:00:00+02\"", "2025-01-31T10:00:00Z")]
    [InlineData("\"2025-01-31T12:00:00+0200\"", "2025-01-31T10:00:00Z")]
    [InlineData("\"2025-01-31T12:00:00 +02:00\"", "2025-01-31T10:00:00Z")]
    [InlineData("\"2025-01-31 12:00:00\"", "2025-01-31T12:00:00Z")]
    [InlineData("\"2025-01-31 12:00:00Z\"", "2025-01-31T12:00:00Z")]
    [InlineData("\"2025-01-31t12:00:00z\"", "2025-01-31T12:00:00Z")]
    [InlineData("\"2025-01-31T12:00Z\"", "2025-01-31T12:00:00Z")]
    [InlineData("\"2025-01-31T12:00:00,5Z\"", "2025-01-31T12:00:00.5Z")]
    [InlineData("\"2025-01-31T12:00:00.Z\"", "2025-01-31T12:00:00Z")]
    [InlineData("\"2025-1-31T2:00:00Z\"", "2025-01-31T02:00:00Z")]
    [InlineData("\"2025/01/31 12:00:00\"", "2025-01-31T12:00:00Z")]
    [InlineData("\"2025-01-31\"", "2025-01-31T00:00:00Z")]
    [InlineData("\" 2025-01-31T12:00:00Z \"", "2025-01-31T12:00:00Z")]
    [InlineData("\"2025-01-31T12:00:00\\u005A\"", "2025-01-31T12:00:00Z")]
    [InlineData("\"2016-12-31T23:59:60Z\"", "2016-12-31T23:59:59Z")]
    [InlineData("1738324800", "2025-01-31T12:00:00Z")]
    [InlineData("1738324800123", "2025-01-31T12:00:00.123Z")]
    [InlineData("1738324800.5", "2025-01-31T12:00:00.5Z")]
    [InlineData("\"1738324800\"", "2025-01-31T12:00:00Z")]
    public void Read_OddTime_IsUnderstoodAndNoted(string json, string utc)
    {
        var reading = Read(json);

        Assert.Equal(Utc(utc), reading.Value!.CurrentTime);
        Assert.Equal((AnomalyKind.OddTimestamp, "currentTime"), Assert.Single(reading.Anomalies.Select(anomaly => (anomaly.Kind, anomaly.Path))));
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"yesterday\"")]
    [InlineData("\"2025-13-01T00:00:00Z\"")]
    [InlineData("\"2025-02-29T00:00:00Z\"")]
    [InlineData("\"2025-01-31T24:00:00Z\"")]
    [InlineData("\"0000-00-00T00:00:00Z\"")]
    [InlineData("\"0001-01-01T00:00:00+10:00\"")]
    [InlineData("\"9999-12-31T23:59:59-10:00\"")]
    [InlineData("\"2025-01-31T12:00:00+99:00\"")]
    [InlineData("-1")]
    [InlineData("1e27")]
    [InlineData("true")]
    [InlineData("{}")]
    [InlineData("[\"2025-01-31T12:00:00Z\"]")]
    public void Read_NoTime_IsAbsentAndNoViolation(string json)
    {
        var reading = Read(json);

        Assert.Equal(default, reading.Value!.CurrentTime);
        Assert.Equal(AnomalyKind.UnreadableTimestamp, Assert.Single(reading.Anomalies).Kind);
    }

    [Fact]
    public void Serialize_AnyOffset_IsWrittenInUtcWithMilliseconds()
    {
        var time = new DateTimeOffset(2025, 1, 31, 14, 0, 0, TimeSpan.FromHours(2)).AddTicks(1_239_999);

        Assert.Equal("""{"currentTime":"2025-01-31T12:00:00.123Z"}""", Encoding.UTF8.GetString(Ocpp16Writer.Serialize(new HeartbeatResponse { CurrentTime = time })));
        Assert.Equal("2025-01-31T12:00:00.123Z", Timestamp.Format(time));
    }
}

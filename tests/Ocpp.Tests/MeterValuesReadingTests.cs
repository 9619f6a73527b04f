using Capacitor.Ocpp.V16;
using Xunit;

namespace Capacitor.Ocpp.Tests;

public sealed class MeterValuesReadingTests
{
    [Fact]
    public void Read_TypicalMeterValues_IsClean()
    {
        var reading = Ocpp16Reader.Read<MeterValuesRequest>(
            """
            {"connectorId":1,"transactionId":7,"meterValue":[{"timestamp":"2025-01-31T12:00:00Z","sampledValue":[
              {"value":"1234.5","unit":"Wh","measurand":"Energy.Active.Import.Register","context":"Sample.Periodic"},
              {"value":"7.4","unit":"kW","measurand":"Power.Active.Import"},
              {"value":"55","unit":"Percent","measurand":"SoC","location":"EV"}]}]}
            """u8);

        Assert.Empty(reading.Anomalies);
        Assert.True(reading.IsUsable);
        Assert.Equal(1, reading.Value.ConnectorId);
        Assert.Equal(7, reading.Value.TransactionId);
        Assert.Equal(new DateTimeOffset(2025, 1, 31, 12, 0, 0, TimeSpan.Zero), reading.Value.MeterValue![0].Timestamp);
        Assert.Equal(new MeterReading(1235, 7400m, 55m), MeterSamples.Read(reading.Value.MeterValue));
    }
}

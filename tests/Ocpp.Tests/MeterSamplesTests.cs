using Capacitor.Ocpp.V16;
using Xunit;

namespace Capacitor.Ocpp.Tests;

public sealed class MeterSamplesTests
{
    private static readonly DateTimeOffset Noon = new(2025, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private static MeterReading Read(params SampledValue[] samples) => MeterSamples.Read([new MeterValue { Timestamp = Noon, SampledValue = samples }]);

    private static SampledValue Energy(string value, string? unit = null, string? phase = null, string? location = null) =>
        new() { Value = value, Unit = unit, Phase = phase, Location = location };

    private static SampledValue Power(string value, string? unit = null, string? phase = null) =>
        new() { Value = value, Unit = unit, Phase = phase, Measurand = Measurands.PowerActiveImport };

    [Fact]
    public void Read_NothingButAValue_IsEnergyInWattHours() => Assert.Equal(new MeterReading(1234, null, null), Read(Energy("1234")));

    [Theory]
    [InlineData("1.5", "kWh", 1500L)]
    [InlineData("1500", "Wh", 1500L)]
    [InlineData("1500.5", "", 1501L)]
    [InlineData("1,5", "kWh", 1500L)]
    [InlineData(" 7 ", null, 7L)]
    [InlineData("7", "W", null)]
    [InlineData("1,234,5", null, null)]
    [InlineData("n/a", null, null)]
    [InlineData("99999999999999999999999999", null, null)]
    public void Read_EnergyUnits_ComeOutInWattHours(string value, string? unit, long? expected) => Assert.Equal(expected, Read(Energy(value, unit)).EnergyWh);

    [Fact]
    public void Read_TotalAndPhases_TakesTheTotal() =>
        Assert.Equal(100, Read(Energy("10", phase: "L1"), Energy("100"), Energy("10", phase: "L2")).EnergyWh);

    [Fact]
    public void Read_PhasesAlone_AreSummed()
    {
        Assert.Equal(60, Read(Energy("10", phase: "L1"), Energy("20", phase: "L2"), Energy("30", phase: "L3"), Energy("7", phase: "N")).EnergyWh);
        Assert.Equal(5500m, Read(Power("2.5", "kW", "L1-N"), Power("3000", "W", "L2-N")).PowerW);
        Assert.Equal(3000m, Read(Power("3000", null, "L1"), Power("2999", null, "L1-N")).PowerW);
    }

    [Fact]
    public void Read_OtherPlaces_CountOnlyWithoutTheOutlet()
    {
        Assert.Equal(10, Read(Energy("10"), Energy("99", location: "Inlet")).EnergyWh);
        Assert.Equal(99, Read(Energy("99", location: "Inlet")).EnergyWh);
    }

    [Fact]
    public void Read_StateOfCharge_IsPercent()
    {
        Assert.Equal(55.5m, Read(new SampledValue { Value = "55.5", Measurand = Measurands.SoC, Location = SampleLocations.EV }).Soc);
        Assert.Null(Read(new SampledValue { Value = "255", Measurand = Measurands.SoC, Unit = Units.Percent }).Soc);
    }

    [Fact]
    public void Read_SignedData_IsNoNumber() => Assert.Null(Read(new SampledValue { Value = "1234", Format = SampleFormats.SignedData }).EnergyWh);

    [Fact]
    public void Read_ValuesOutOfOrder_TakesTheLatestByClock()
    {
        MeterValue At(int minutes, params SampledValue[] samples) => new() { Timestamp = Noon.AddMinutes(minutes), SampledValue = samples };

        var reading = MeterSamples.Read([At(5, Energy("500"), Power("9")), At(0, Energy("100")), At(10, Power("11"))]);

        Assert.Equal(new MeterReading(500, 11m, null), reading);
    }

    [Fact]
    public void Read_ValuesWithoutTime_TakesTheLast() => Assert.Equal(
        2, MeterSamples.Read([new MeterValue { SampledValue = [Energy("1")] }, new MeterValue { SampledValue = [Energy("2")] }, new MeterValue()]).EnergyWh);

    [Fact]
    public void Read_Nothing_IsNothing() => Assert.Equal(default, MeterSamples.Read(default));

    [Theory]
    [InlineData("Celcius", "Temperature", "Celsius")]
    [InlineData("Celsius", "Temperature", "Celsius")]
    [InlineData(null, null, "Wh")]
    [InlineData(null, "Energy.Reactive.Import.Register", "varh")]
    [InlineData(null, "Current.Import", "A")]
    [InlineData(null, "Frequency", null)]
    [InlineData("kW", "Power.Active.Import", "kW")]
    public void UnitOf_Sample_IsTheOneMeant(string? unit, string? measurand, string? expected) =>
        Assert.Equal(expected, MeterSamples.UnitOf(new SampledValue { Unit = unit, Measurand = measurand }));
}

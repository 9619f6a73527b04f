using Capacitor.Ocpp.V16;
using System.Globalization;

namespace Capacitor.Cli.Simulate;

/// <summary>A meter that never runs backwards.</summary>
internal sealed class Meter(double wattHours)
{
    private double _wattHours = wattHours;

    public long WattHours => (long)_wattHours;

    /// <summary>What flows now.</summary>
    public int Watts { get; set; }

    public void Pass(TimeSpan life) => _wattHours += Watts * life.TotalHours;

    public MeterValue Read(DateTimeOffset now, string context) => new()
    {
        Timestamp = now,
        SampledValue =
        [
            new() { Value = Text(WattHours), Context = context, Measurand = Measurands.EnergyActiveImportRegister, Unit = "Wh" },
            new() { Value = Text(Watts), Context = context, Measurand = Measurands.PowerActiveImport, Unit = "W" },
        ],
    };

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;

namespace Capacitor.Ocpp.V16;

/// <summary>The numbers people ask a meter for. What the meter did not tell is null.</summary>
/// <param name="EnergyWh">The register of imported energy.</param>
/// <param name="PowerW">The imported power, all phases together.</param>
/// <param name="Soc">The state of charge of the car's battery in percent.</param>
public readonly record struct MeterReading(long? EnergyWh, decimal? PowerW, decimal? Soc);

/// <summary>Finds the latest numbers in what a charger reported, whatever units and phases it prefers.</summary>
public static class MeterSamples
{
    // No meter shows more; sums of what passes cannot overflow.
    private const decimal Largest = 1_000_000_000_000_000m;

    /// <summary>The latest of each number by the charger's timestamps; values without one count as later than those before them.</summary>
    public static MeterReading Read(ReadOnlySpan<MeterValue> values)
    {
        var energy = Latest(values, Measurands.EnergyActiveImportRegister);
        return new MeterReading(
            energy is { } wh ? (long)Math.Round(wh, MidpointRounding.AwayFromZero) : null,
            Latest(values, Measurands.PowerActiveImport),
            Latest(values, Measurands.SoC));
    }

    /// <summary>The measurand of a sample, with the document's default.</summary>
    public static string MeasurandOf(SampledValue sample) =>
        string.IsNullOrEmpty(sample.Measurand) ? Measurands.EnergyActiveImportRegister : sample.Measurand;

    /// <summary>The unit of a sample: Wh by default, what fits the measurand where that makes no sense, and one spelling of Celsius.</summary>
    public static string? UnitOf(SampledValue sample) => sample.Unit switch
    {
        Units.Celcius => Units.Celsius,
        null or "" => MeasurandOf(sample) switch
        {
            var energy when energy.StartsWith("Energy.Active", StringComparison.Ordinal) => Units.Wh,
            var energy when energy.StartsWith("Energy.Reactive", StringComparison.Ordinal) => Units.Varh,
            Measurands.PowerActiveImport or Measurands.PowerActiveExport or Measurands.PowerOffered => Units.W,
            Measurands.PowerReactiveImport or Measurands.PowerReactiveExport => Units.Var,
            Measurands.CurrentImport or Measurands.CurrentExport or Measurands.CurrentOffered => Units.A,
            Measurands.Voltage => Units.V,
            Measurands.Temperature => Units.Celsius,
            Measurands.SoC => Units.Percent,
            _ => null,
        },
        var unit => unit,
    };

    /// <summary>The number of a sample in the measurand's base unit (Wh, W, percent); null for signed data, for text, and for units that do not belong.</summary>
    public static decimal? NumberOf(SampledValue sample)
    {
        if (sample.Format == SampleFormats.SignedData || !TryParse(sample.Value, out var number))
        {
            return null;
        }

        var unit = UnitOf(sample);
        return MeasurandOf(sample) switch
        {
            var energy when energy.StartsWith("Energy.Active", StringComparison.Ordinal) => Scale(number, unit, Units.Wh, Units.KWh),
            Measurands.PowerActiveImport or Measurands.PowerActiveExport or Measurands.PowerOffered => Scale(number, unit, Units.W, Units.KW),
            Measurands.SoC => unit == Units.Percent && number is >= 0 and <= 100 ? number : null,
            _ => number,
        };
    }

    private static decimal? Latest(ReadOnlySpan<MeterValue> values, string measurand)
    {
        decimal? latest = null;
        DateTimeOffset? latestTime = null;
        foreach (var value in values)
        {
            if ((value.Timestamp ?? latestTime ?? DateTimeOffset.MinValue) < (latestTime ?? DateTimeOffset.MinValue))
            {
                continue;
            }

            if (Total(value.SampledValue, measurand) is { } number)
            {
                latest = number;
                latestTime = value.Timestamp ?? latestTime;
            }
        }

        return latest;
    }

    // The outlet is what is paid for; other places count only when nothing is said about it.
    private static decimal? Total(ReadOnlySpan<SampledValue> samples, string measurand) =>
        Total(samples, measurand, outletOnly: true) ?? Total(samples, measurand, outletOnly: false);

    private static decimal? Total(ReadOnlySpan<SampledValue> samples, string measurand, bool outletOnly)
    {
        decimal? total = null;
        var phases = default(PhaseSum);
        var phasesToNeutral = default(PhaseSum);
        foreach (var sample in samples)
        {
            if (MeasurandOf(sample) != measurand || (outletOnly && sample.Location is not (null or "" or SampleLocations.Outlet))
                || NumberOf(sample) is not { } number)
            {
                continue;
            }

            switch (sample.Phase)
            {
                case null or "": total = number; break;
                case Phases.L1: phases.L1 = number; break;
                case Phases.L2: phases.L2 = number; break;
                case Phases.L3: phases.L3 = number; break;
                case Phases.L1N: phasesToNeutral.L1 = number; break;
                case Phases.L2N: phasesToNeutral.L2 = number; break;
                case Phases.L3N: phasesToNeutral.L3 = number; break;
                default: break;
            }
        }

        return total ?? phases.Sum ?? phasesToNeutral.Sum;
    }

    private static decimal? Scale(decimal number, string? unit, string one, string thousand) =>
        unit == one ? number : unit == thousand ? number * 1000 : null;

    // Some chargers write numbers as their display does, with a comma.
    private static bool TryParse(string? value, out decimal number)
    {
        var isNumber = decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out number)
            || (value is not null && value.IndexOf(',', StringComparison.Ordinal) == value.LastIndexOf(',')
                && decimal.TryParse(value.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out number));
        return isNumber && Math.Abs(number) <= Largest;
    }

    private struct PhaseSum
    {
        public decimal? L1;
        public decimal? L2;
        public decimal? L3;

        public readonly decimal? Sum => L1 is null && L2 is null && L3 is null ? null : (L1 ?? 0) + (L2 ?? 0) + (L3 ?? 0);
    }
}

using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>Why a sample was taken.</summary>
public static class ReadingContexts
{
    public const string InterruptionBegin = "Interruption.Begin";
    public const string InterruptionEnd = "Interruption.End";
    public const string Other = "Other";
    public const string SampleClock = "Sample.Clock";
    public const string SamplePeriodic = "Sample.Periodic";
    public const string TransactionBegin = "Transaction.Begin";
    public const string TransactionEnd = "Transaction.End";
    public const string Trigger = "Trigger";

    public static WordSet Words { get; } =
        new(SamplePeriodic, SampleClock, TransactionBegin, TransactionEnd, InterruptionBegin, InterruptionEnd, Trigger, Other);
}

/// <summary>How a sample's value is written.</summary>
public static class SampleFormats
{
    public const string Raw = "Raw";
    public const string SignedData = "SignedData";

    public static WordSet Words { get; } = new(Raw, SignedData);
}

/// <summary>What a sample measures.</summary>
public static class Measurands
{
    public const string CurrentExport = "Current.Export";
    public const string CurrentImport = "Current.Import";
    public const string CurrentOffered = "Current.Offered";
    public const string EnergyActiveExportInterval = "Energy.Active.Export.Interval";
    public const string EnergyActiveExportRegister = "Energy.Active.Export.Register";
    public const string EnergyActiveImportInterval = "Energy.Active.Import.Interval";
    public const string EnergyActiveImportRegister = "Energy.Active.Import.Register";
    public const string EnergyReactiveExportInterval = "Energy.Reactive.Export.Interval";
    public const string EnergyReactiveExportRegister = "Energy.Reactive.Export.Register";
    public const string EnergyReactiveImportInterval = "Energy.Reactive.Import.Interval";
    public const string EnergyReactiveImportRegister = "Energy.Reactive.Import.Register";
    public const string Frequency = "Frequency";
    public const string PowerActiveExport = "Power.Active.Export";
    public const string PowerActiveImport = "Power.Active.Import";
    public const string PowerFactor = "Power.Factor";
    public const string PowerOffered = "Power.Offered";
    public const string PowerReactiveExport = "Power.Reactive.Export";
    public const string PowerReactiveImport = "Power.Reactive.Import";
    public const string Rpm = "RPM";
    public const string SoC = "SoC";
    public const string Temperature = "Temperature";
    public const string Voltage = "Voltage";

    public static WordSet Words { get; } = new(
        EnergyActiveImportRegister, PowerActiveImport, CurrentImport, Voltage, SoC, Temperature, PowerOffered, CurrentOffered, Frequency, PowerFactor, Rpm,
        CurrentExport, PowerActiveExport, PowerReactiveExport, PowerReactiveImport, EnergyActiveExportInterval, EnergyActiveExportRegister,
        EnergyActiveImportInterval, EnergyReactiveExportInterval, EnergyReactiveExportRegister, EnergyReactiveImportInterval, EnergyReactiveImportRegister);
}

/// <summary>Which conductors a sample is of.</summary>
public static class Phases
{
    public const string L1 = "L1";
    public const string L2 = "L2";
    public const string L3 = "L3";
    public const string N = "N";
    public const string L1N = "L1-N";
    public const string L2N = "L2-N";
    public const string L3N = "L3-N";
    public const string L1L2 = "L1-L2";
    public const string L2L3 = "L2-L3";
    public const string L3L1 = "L3-L1";

    public static WordSet Words { get; } = new(L1, L2, L3, N, L1N, L2N, L3N, L1L2, L2L3, L3L1);
}

/// <summary>Where a sample is taken.</summary>
public static class SampleLocations
{
    public const string Body = "Body";
    public const string Cable = "Cable";
    public const string EV = "EV";
    public const string Inlet = "Inlet";
    public const string Outlet = "Outlet";

    public static WordSet Words { get; } = new(Outlet, Body, Cable, EV, Inlet);
}

/// <summary>The units of samples.</summary>
public static class Units
{
    public const string Wh = "Wh";
    public const string KWh = "kWh";
    public const string Varh = "varh";
    public const string KVarh = "kvarh";
    public const string W = "W";
    public const string KW = "kW";
    public const string VA = "VA";
    public const string KVA = "kVA";
    public const string Var = "var";
    public const string KVar = "kvar";
    public const string A = "A";
    public const string V = "V";
    public const string K = "K";

    /// <summary>The document's first spelling; its errata allow both.</summary>
    public const string Celcius = "Celcius";

    public const string Celsius = "Celsius";
    public const string Fahrenheit = "Fahrenheit";
    public const string Percent = "Percent";

    public static WordSet Words { get; } = new(Wh, KWh, W, KW, A, V, Percent, Varh, KVarh, VA, KVA, Var, KVar, K, Celcius, Celsius, Fahrenheit);
}

using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>What a meter showed at one time.</summary>
public sealed record MeterValue : IPayload<MeterValue>
{
    public DateTimeOffset? Timestamp { get; set; }

    public SampledValue[]? SampledValue { get; set; }

    static Shape<MeterValue> IPayload<MeterValue>.Shape { get; } = new Shape<MeterValue>(() => new())
        .Time("timestamp", Need.Required, (m, v) => m.Timestamp = v)
        .Many<SampledValue>("sampledValue", Need.Required, (m, v) => m.SampledValue = v, keep: sample => !string.IsNullOrWhiteSpace(sample.Value));
}

/// <summary>One number of a meter, or one signed block of its data. What is null has the document's default.</summary>
public sealed record SampledValue : IPayload<SampledValue>
{
    public string? Value { get; set; }

    /// <summary>One of <see cref="ReadingContexts"/>; null means <see cref="ReadingContexts.SamplePeriodic"/>.</summary>
    public string? Context { get; set; }

    /// <summary>One of <see cref="SampleFormats"/>; null means <see cref="SampleFormats.Raw"/>.</summary>
    public string? Format { get; set; }

    /// <summary>One of <see cref="Measurands"/>; null means <see cref="Measurands.EnergyActiveImportRegister"/>.</summary>
    public string? Measurand { get; set; }

    /// <summary>One of <see cref="Phases"/>; null for the total.</summary>
    public string? Phase { get; set; }

    /// <summary>One of <see cref="SampleLocations"/>; null means <see cref="SampleLocations.Outlet"/>.</summary>
    public string? Location { get; set; }

    /// <summary>One of <see cref="Units"/>; null means Wh, or what fits the measurand.</summary>
    public string? Unit { get; set; }

    static Shape<SampledValue> IPayload<SampledValue>.Shape { get; } = new Shape<SampledValue>(() => new())
        .Text("value", int.MaxValue, Need.Required, (m, v) => m.Value = v)
        .Word("context", ReadingContexts.Words, Need.Optional, (m, v) => m.Context = v)
        .Word("format", SampleFormats.Words, Need.Optional, (m, v) => m.Format = v)
        .Word("measurand", Measurands.Words, Need.Optional, (m, v) => m.Measurand = v)
        .Word("phase", Phases.Words, Need.Optional, (m, v) => m.Phase = v)
        .Word("location", SampleLocations.Words, Need.Optional, (m, v) => m.Location = v)
        .Word("unit", Units.Words, Need.Optional, (m, v) => m.Unit = v);
}

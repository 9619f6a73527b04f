using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>How much a charger may draw, and when.</summary>
public sealed record ChargingProfile : IPayload<ChargingProfile>
{
    public int? ChargingProfileId { get; set; }

    public int? TransactionId { get; set; }

    public int? StackLevel { get; set; }

    /// <summary>One of <see cref="ChargingProfilePurposes"/>.</summary>
    public string? ChargingProfilePurpose { get; set; }

    /// <summary>One of <see cref="ChargingProfileKinds"/>.</summary>
    public string? ChargingProfileKind { get; set; }

    /// <summary>One of <see cref="RecurrencyKinds"/>.</summary>
    public string? RecurrencyKind { get; set; }

    public DateTimeOffset? ValidFrom { get; set; }

    public DateTimeOffset? ValidTo { get; set; }

    public ChargingSchedule? ChargingSchedule { get; set; }

    static Shape<ChargingProfile> IPayload<ChargingProfile>.Shape { get; } = new Shape<ChargingProfile>(() => new())
        .Whole("chargingProfileId", Need.Required, (m, v) => m.ChargingProfileId = v)
        .Whole("transactionId", Need.Optional, (m, v) => m.TransactionId = v)
        .Whole("stackLevel", Need.Required, (m, v) => m.StackLevel = v, min: 0)
        .Word("chargingProfilePurpose", ChargingProfilePurposes.Words, Need.Required, (m, v) => m.ChargingProfilePurpose = v)
        .Word("chargingProfileKind", ChargingProfileKinds.Words, Need.Required, (m, v) => m.ChargingProfileKind = v)
        .Word("recurrencyKind", RecurrencyKinds.Words, Need.Optional, (m, v) => m.RecurrencyKind = v)
        .Time("validFrom", Need.Optional, (m, v) => m.ValidFrom = v)
        .Time("validTo", Need.Optional, (m, v) => m.ValidTo = v)
        .One<ChargingSchedule>("chargingSchedule", Need.Required, (m, v) => m.ChargingSchedule = v);
}

/// <summary>Limits over time.</summary>
public sealed record ChargingSchedule : IPayload<ChargingSchedule>
{
    /// <summary>Seconds.</summary>
    public int? Duration { get; set; }

    public DateTimeOffset? StartSchedule { get; set; }

    /// <summary>One of <see cref="ChargingRateUnits"/>.</summary>
    public string? ChargingRateUnit { get; set; }

    public ChargingSchedulePeriod[]? ChargingSchedulePeriod { get; set; }

    public decimal? MinChargingRate { get; set; }

    static Shape<ChargingSchedule> IPayload<ChargingSchedule>.Shape { get; } = new Shape<ChargingSchedule>(() => new())
        .Whole("duration", Need.Optional, (m, v) => m.Duration = v, min: 0)
        .Time("startSchedule", Need.Optional, (m, v) => m.StartSchedule = v)
        .Word("chargingRateUnit", ChargingRateUnits.Words, Need.Required, (m, v) => m.ChargingRateUnit = v)
        .Many<ChargingSchedulePeriod>("chargingSchedulePeriod", Need.Required, (m, v) => m.ChargingSchedulePeriod = v)
        .Number("minChargingRate", Need.Optional, (m, v) => m.MinChargingRate = v);
}

/// <summary>A limit from a moment on.</summary>
public sealed record ChargingSchedulePeriod : IPayload<ChargingSchedulePeriod>
{
    /// <summary>Seconds from the start of the schedule.</summary>
    public int? StartPeriod { get; set; }

    /// <summary>With one digit after the point at most.</summary>
    public decimal? Limit { get; set; }

    public int? NumberPhases { get; set; }

    static Shape<ChargingSchedulePeriod> IPayload<ChargingSchedulePeriod>.Shape { get; } = new Shape<ChargingSchedulePeriod>(() => new())
        .Whole("startPeriod", Need.Required, (m, v) => m.StartPeriod = v, min: 0)
        .Number("limit", Need.Required, (m, v) => m.Limit = v)
        .Whole("numberPhases", Need.Optional, (m, v) => m.NumberPhases = v, min: 1, max: 3);
}

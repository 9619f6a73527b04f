using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>Asks a charger for the limits that follow from all its profiles.</summary>
public sealed record GetCompositeScheduleRequest : IPayload<GetCompositeScheduleRequest>
{
    /// <summary>0 for the whole charger.</summary>
    public required int ConnectorId { get; set; }

    /// <summary>Seconds from now on.</summary>
    public required int Duration { get; set; }

    /// <summary>One of <see cref="ChargingRateUnits"/>.</summary>
    public string? ChargingRateUnit { get; set; }

    static Shape<GetCompositeScheduleRequest> IPayload<GetCompositeScheduleRequest>.Shape { get; } =
        new Shape<GetCompositeScheduleRequest>(() => new() { ConnectorId = 0, Duration = 0 })
            .Whole("connectorId", Need.Required, (m, v) => m.ConnectorId = v ?? 0, min: 0)
            .Whole("duration", Need.Required, (m, v) => m.Duration = v ?? 0, min: 0)
            .Word("chargingRateUnit", ChargingRateUnits.Words, Need.Optional, (m, v) => m.ChargingRateUnit = v);
}

/// <summary>The limits, when they were accepted.</summary>
public sealed record GetCompositeScheduleResponse : IPayload<GetCompositeScheduleResponse>
{
    /// <summary>One of <see cref="GenericStatuses"/>.</summary>
    public required string Status { get; set; }

    public int? ConnectorId { get; set; }

    public DateTimeOffset? ScheduleStart { get; set; }

    public ChargingSchedule? ChargingSchedule { get; set; }

    static Shape<GetCompositeScheduleResponse> IPayload<GetCompositeScheduleResponse>.Shape { get; } =
        new Shape<GetCompositeScheduleResponse>(() => new() { Status = "" })
            .Word("status", GenericStatuses.Words, Need.Required, (m, v) => m.Status = v ?? "")
            .Whole("connectorId", Need.Optional, (m, v) => m.ConnectorId = v)
            .Time("scheduleStart", Need.Optional, (m, v) => m.ScheduleStart = v)
            .One<ChargingSchedule>("chargingSchedule", Need.Optional, (m, v) => m.ChargingSchedule = v);
}

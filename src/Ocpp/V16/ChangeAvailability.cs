using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>Asks a charger to take a connector out of service, or back into it.</summary>
public sealed record ChangeAvailabilityRequest : IPayload<ChangeAvailabilityRequest>
{
    /// <summary>0 for the whole charger.</summary>
    public required int ConnectorId { get; set; }

    /// <summary>One of <see cref="AvailabilityTypes"/>.</summary>
    public required string Type { get; set; }

    static Shape<ChangeAvailabilityRequest> IPayload<ChangeAvailabilityRequest>.Shape { get; } =
        new Shape<ChangeAvailabilityRequest>(() => new() { ConnectorId = 0, Type = "" })
            .Whole("connectorId", Need.Required, (m, v) => m.ConnectorId = v ?? 0, min: 0)
            .Word("type", AvailabilityTypes.Words, Need.Required, (m, v) => m.Type = v ?? "");
}

/// <summary>Whether the charger will.</summary>
public sealed record ChangeAvailabilityResponse : IPayload<ChangeAvailabilityResponse>
{
    /// <summary>One of <see cref="AvailabilityStatuses"/>.</summary>
    public required string Status { get; set; }

    static Shape<ChangeAvailabilityResponse> IPayload<ChangeAvailabilityResponse>.Shape { get; } =
        new Shape<ChangeAvailabilityResponse>(() => new() { Status = "" })
            .Word("status", AvailabilityStatuses.Words, Need.Required, (m, v) => m.Status = v ?? "");
}

/// <summary>In service or not.</summary>
public static class AvailabilityTypes
{
    public const string Inoperative = "Inoperative";
    public const string Operative = "Operative";

    public static WordSet Words { get; } = new(Inoperative, Operative);
}

/// <summary>How a change of availability is answered.</summary>
public static class AvailabilityStatuses
{
    public const string Accepted = "Accepted";
    public const string Rejected = "Rejected";

    /// <summary>When the running transaction has ended.</summary>
    public const string Scheduled = "Scheduled";

    public static WordSet Words { get; } = new(Accepted, Rejected, Scheduled);
}

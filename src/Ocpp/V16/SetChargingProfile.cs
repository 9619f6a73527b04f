using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>Gives a charger limits to keep to.</summary>
public sealed record SetChargingProfileRequest : IPayload<SetChargingProfileRequest>
{
    /// <summary>0 for the whole charger.</summary>
    public required int ConnectorId { get; set; }

    public required ChargingProfile CsChargingProfiles { get; set; }

    static Shape<SetChargingProfileRequest> IPayload<SetChargingProfileRequest>.Shape { get; } =
        new Shape<SetChargingProfileRequest>(() => new() { ConnectorId = 0, CsChargingProfiles = new() })
            .Whole("connectorId", Need.Required, (m, v) => m.ConnectorId = v ?? 0, min: 0)
            .One<ChargingProfile>("csChargingProfiles", Need.Required, (m, v) => m.CsChargingProfiles = v ?? new());
}

/// <summary>Whether the charger will.</summary>
public sealed record SetChargingProfileResponse : IPayload<SetChargingProfileResponse>
{
    /// <summary>One of <see cref="ChargingProfileStatuses"/>.</summary>
    public required string Status { get; set; }

    static Shape<SetChargingProfileResponse> IPayload<SetChargingProfileResponse>.Shape { get; } =
        new Shape<SetChargingProfileResponse>(() => new() { Status = "" })
            .Word("status", ChargingProfileStatuses.Words, Need.Required, (m, v) => m.Status = v ?? "");
}

/// <summary>How a charging profile is answered.</summary>
public static class ChargingProfileStatuses
{
    public const string Accepted = "Accepted";
    public const string Rejected = "Rejected";
    public const string NotSupported = "NotSupported";

    public static WordSet Words { get; } = new(Accepted, Rejected, NotSupported);
}

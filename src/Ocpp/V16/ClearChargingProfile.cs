using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>Takes limits from a charger: every profile that fits all that is given.</summary>
public sealed record ClearChargingProfileRequest : IPayload<ClearChargingProfileRequest>
{
    public int? Id { get; set; }

    /// <summary>0 for the profiles of the whole charger.</summary>
    public int? ConnectorId { get; set; }

    /// <summary>One of <see cref="ChargingProfilePurposes"/>.</summary>
    public string? ChargingProfilePurpose { get; set; }

    public int? StackLevel { get; set; }

    static Shape<ClearChargingProfileRequest> IPayload<ClearChargingProfileRequest>.Shape { get; } =
        new Shape<ClearChargingProfileRequest>(() => new())
            .Whole("id", Need.Optional, (m, v) => m.Id = v)
            .Whole("connectorId", Need.Optional, (m, v) => m.ConnectorId = v, min: 0)
            .Word("chargingProfilePurpose", ChargingProfilePurposes.Words, Need.Optional, (m, v) => m.ChargingProfilePurpose = v)
            .Whole("stackLevel", Need.Optional, (m, v) => m.StackLevel = v, min: 0);
}

/// <summary>Whether a profile was taken.</summary>
public sealed record ClearChargingProfileResponse : IPayload<ClearChargingProfileResponse>
{
    /// <summary>One of <see cref="ClearChargingProfileStatuses"/>.</summary>
    public required string Status { get; set; }

    static Shape<ClearChargingProfileResponse> IPayload<ClearChargingProfileResponse>.Shape { get; } =
        new Shape<ClearChargingProfileResponse>(() => new() { Status = "" })
            .Word("status", ClearChargingProfileStatuses.Words, Need.Required, (m, v) => m.Status = v ?? "");
}

/// <summary>How the clearing of profiles is answered.</summary>
public static class ClearChargingProfileStatuses
{
    public const string Accepted = "Accepted";

    /// <summary>No profile fits.</summary>
    public const string Unknown = "Unknown";

    public static WordSet Words { get; } = new(Accepted, Unknown);
}

using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>Asks a charger to keep a connector for a tag.</summary>
public sealed record ReserveNowRequest : IPayload<ReserveNowRequest>
{
    /// <summary>0 for any.</summary>
    public required int ConnectorId { get; set; }

    public required DateTimeOffset ExpiryDate { get; set; }

    public required string IdTag { get; set; }

    public string? ParentIdTag { get; set; }

    public required int ReservationId { get; set; }

    static Shape<ReserveNowRequest> IPayload<ReserveNowRequest>.Shape { get; } =
        new Shape<ReserveNowRequest>(() => new() { ConnectorId = 0, ExpiryDate = default, IdTag = "", ReservationId = 0 })
            .Whole("connectorId", Need.Required, (m, v) => m.ConnectorId = v ?? 0, min: 0)
            .Time("expiryDate", Need.Required, (m, v) => m.ExpiryDate = v ?? default)
            .Text("idTag", 20, Need.Required, (m, v) => m.IdTag = v ?? "")
            .Text("parentIdTag", 20, Need.Optional, (m, v) => m.ParentIdTag = v)
            .Whole("reservationId", Need.Required, (m, v) => m.ReservationId = v ?? 0);
}

/// <summary>Whether the connector is kept.</summary>
public sealed record ReserveNowResponse : IPayload<ReserveNowResponse>
{
    /// <summary>One of <see cref="ReservationStatuses"/>.</summary>
    public required string Status { get; set; }

    static Shape<ReserveNowResponse> IPayload<ReserveNowResponse>.Shape { get; } = new Shape<ReserveNowResponse>(() => new() { Status = "" })
        .Word("status", ReservationStatuses.Words, Need.Required, (m, v) => m.Status = v ?? "");
}

/// <summary>How a reservation is answered.</summary>
public static class ReservationStatuses
{
    public const string Accepted = "Accepted";
    public const string Faulted = "Faulted";
    public const string Occupied = "Occupied";
    public const string Rejected = "Rejected";
    public const string Unavailable = "Unavailable";

    public static WordSet Words { get; } = new(Accepted, Faulted, Occupied, Rejected, Unavailable);
}

using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>Asks a charger to begin a transaction.</summary>
public sealed record RemoteStartTransactionRequest : IPayload<RemoteStartTransactionRequest>
{
    public int? ConnectorId { get; set; }

    public required string IdTag { get; set; }

    /// <summary>For this transaction only: purpose TxProfile, without a transaction id.</summary>
    public ChargingProfile? ChargingProfile { get; set; }

    static Shape<RemoteStartTransactionRequest> IPayload<RemoteStartTransactionRequest>.Shape { get; } =
        new Shape<RemoteStartTransactionRequest>(() => new() { IdTag = "" })
            .Whole("connectorId", Need.Optional, (m, v) => m.ConnectorId = v, min: 1)
            .Text("idTag", 20, Need.Required, (m, v) => m.IdTag = v ?? "")
            .One<ChargingProfile>("chargingProfile", Need.Optional, (m, v) => m.ChargingProfile = v);
}

/// <summary>Whether the charger will try; the transaction itself is told by StartTransaction.</summary>
public sealed record RemoteStartTransactionResponse : IPayload<RemoteStartTransactionResponse>
{
    /// <summary>One of <see cref="GenericStatuses"/>.</summary>
    public required string Status { get; set; }

    static Shape<RemoteStartTransactionResponse> IPayload<RemoteStartTransactionResponse>.Shape { get; } =
        new Shape<RemoteStartTransactionResponse>(() => new() { Status = "" })
            .Word("status", GenericStatuses.Words, Need.Required, (m, v) => m.Status = v ?? "");
}

using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>A transaction has begun. Read it whatever it lacks: what is unusable is null.</summary>
public sealed record StartTransactionRequest : IPayload<StartTransactionRequest>
{
    public int? ConnectorId { get; set; }

    public string? IdTag { get; set; }

    /// <summary>Wh.</summary>
    public long? MeterStart { get; set; }

    public int? ReservationId { get; set; }

    public DateTimeOffset? Timestamp { get; set; }

    static Shape<StartTransactionRequest> IPayload<StartTransactionRequest>.Shape { get; } =
        new Shape<StartTransactionRequest>(() => new(), mustBeAnswered: true)
            .Whole("connectorId", Need.Required, (m, v) => m.ConnectorId = v, min: 1)
            .Text("idTag", 20, Need.Required, (m, v) => m.IdTag = v)
            .Long("meterStart", Need.Required, (m, v) => m.MeterStart = v)
            .Whole("reservationId", Need.Optional, (m, v) => m.ReservationId = v)
            .Time("timestamp", Need.Required, (m, v) => m.Timestamp = v);
}

/// <summary>The transaction's id, given even when the tag is refused.</summary>
public sealed record StartTransactionResponse : IPayload<StartTransactionResponse>
{
    public required IdTagInfo IdTagInfo { get; set; }

    public required int TransactionId { get; set; }

    static Shape<StartTransactionResponse> IPayload<StartTransactionResponse>.Shape { get; } =
        new Shape<StartTransactionResponse>(() => new() { IdTagInfo = IdTagInfo.Unknown, TransactionId = 0 })
            .One<IdTagInfo>("idTagInfo", Need.Required, (m, v) => m.IdTagInfo = v ?? IdTagInfo.Unknown)
            .Whole("transactionId", Need.Required, (m, v) => m.TransactionId = v ?? 0);
}

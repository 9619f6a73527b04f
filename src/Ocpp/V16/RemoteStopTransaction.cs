using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>Asks a charger to end a transaction.</summary>
public sealed record RemoteStopTransactionRequest : IPayload<RemoteStopTransactionRequest>
{
    public required int TransactionId { get; set; }

    static Shape<RemoteStopTransactionRequest> IPayload<RemoteStopTransactionRequest>.Shape { get; } =
        new Shape<RemoteStopTransactionRequest>(() => new() { TransactionId = 0 })
            .Whole("transactionId", Need.Required, (m, v) => m.TransactionId = v ?? 0);
}

/// <summary>Whether the charger will try.</summary>
public sealed record RemoteStopTransactionResponse : IPayload<RemoteStopTransactionResponse>
{
    /// <summary>One of <see cref="GenericStatuses"/>.</summary>
    public required string Status { get; set; }

    static Shape<RemoteStopTransactionResponse> IPayload<RemoteStopTransactionResponse>.Shape { get; } =
        new Shape<RemoteStopTransactionResponse>(() => new() { Status = "" })
            .Word("status", GenericStatuses.Words, Need.Required, (m, v) => m.Status = v ?? "");
}

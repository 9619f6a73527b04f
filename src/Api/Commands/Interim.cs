namespace Capacitor.Ocpp.V16;
internal sealed record ResetRequest { public required string Type { get; init; } }
internal sealed record RemoteStartTransactionRequest { public required int ConnectorId { get; init; } public required string IdTag { get; init; } }
internal sealed record RemoteStopTransactionRequest { public required int TransactionId { get; init; } }

using Capacitor.Transactions;

namespace Capacitor.Api.Transactions;

/// <summary>A charging session: meter values in Wh, energy in kWh, duration in whole minutes, so far while it runs.</summary>
internal sealed record TransactionBody
{
    public required string Id { get; init; }

    public required int TransactionId { get; init; }

    public required string ChargeBoxId { get; init; }

    public required int ConnectorId { get; init; }

    public required string IdTag { get; init; }

    public required string Status { get; init; }

    public required long MeterStart { get; init; }

    public required long? MeterStop { get; init; }

    public required decimal? EnergyDelivered { get; init; }

    public required int DurationMinutes { get; init; }

    public required DateTimeOffset StartTime { get; init; }

    public required DateTimeOffset? StopTime { get; init; }

    public required string? StopReason { get; init; }

    public required bool RemoteStarted { get; init; }

    public static TransactionBody Of(Transaction transaction, DateTimeOffset now) => new()
    {
        Id = $"txn_{transaction.TransactionId}",
        TransactionId = transaction.TransactionId,
        ChargeBoxId = transaction.ChargeBoxId.Value,
        ConnectorId = transaction.ConnectorId,
        IdTag = transaction.IdTag,
        Status = transaction.StopTime is null ? TransactionStatus.InProgress : TransactionStatus.Completed,
        MeterStart = transaction.MeterStart,
        MeterStop = transaction.MeterStop,
        EnergyDelivered = transaction.EnergyDelivered,
        DurationMinutes = Math.Max(0, (int)((transaction.StopTime ?? now) - transaction.StartTime).TotalMinutes),
        StartTime = transaction.StartTime,
        StopTime = transaction.StopTime,
        StopReason = transaction.StopReason,
        RemoteStarted = transaction.RemoteStarted,
    };
}

internal sealed record TransactionListBody(IReadOnlyList<TransactionBody> Transactions, PaginationBody Pagination);

/// <summary>The answer to a remote start that the charger took; the transaction's id is not known yet.</summary>
internal sealed record StartingBody(string Message, string ChargeBoxId, int? ConnectorId, string IdTag, string Status, string Note, string CommandId);

/// <summary>The answer to a remote stop that the charger took.</summary>
internal sealed record StoppingBody(string Message, int TransactionId, string ChargeBoxId, string Status, string Note, string CommandId);

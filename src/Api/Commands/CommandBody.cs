using System.Text.Json;
using Capacitor.Chargers;

namespace Capacitor.Api.Commands;

/// <summary>A command and what came of it.</summary>
internal sealed record CommandBody
{
    public static readonly string[] Statuses = ["queued", "sent", "accepted", "rejected", "timeout", "late", "failed"];

    private static readonly JsonElement None = JsonElement.Parse("null");

    public required string Id { get; init; }

    public required string ChargeBoxId { get; init; }

    public required string Command { get; init; }

    public required JsonElement Request { get; init; }

    public required string Status { get; init; }

    public required JsonElement Response { get; init; }

    public required string? OcppStatus { get; init; }

    public required string? ErrorCode { get; init; }

    public required string? ErrorDescription { get; init; }

    public required string? Reason { get; init; }

    public required int? TransactionId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset? SentAt { get; init; }

    public required DateTimeOffset? CompletedAt { get; init; }

    public static CommandBody Of(CommandRecord record) => new()
    {
        Id = record.Id,
        ChargeBoxId = record.ChargeBoxId.Value,
        Command = record.Action,
        Request = JsonElement.Parse(record.Request),
        Status = Statuses[(int)record.Status],
        Response = record.Response is { } response ? JsonElement.Parse(response) : None,
        OcppStatus = record.OcppStatus,
        ErrorCode = record.ErrorCode,
        ErrorDescription = record.ErrorDescription,
        Reason = record.Reason,
        TransactionId = record.TransactionId,
        CreatedAt = record.CreatedAt,
        SentAt = record.SentAt,
        CompletedAt = record.CompletedAt,
    };
}

internal sealed record CommandListBody(IReadOnlyList<CommandBody> Commands, PaginationBody Pagination);

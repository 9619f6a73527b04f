using System.Diagnostics.CodeAnalysis;
using Capacitor.Tenants;

namespace Capacitor.Chargers;

/// <summary>A command's history, as <c>GET /commands/{id}</c> tells it.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.command-record")]
public sealed record CommandRecord
{
    /// <summary><c>cmd_…</c>; see <see cref="CommandIds"/>.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>Whose charger it is.</summary>
    [Id(1)] public required TenantId Tenant { get; init; }

    /// <summary>The charger.</summary>
    [Id(2)] public required ChargeBoxId ChargeBoxId { get; init; }

    /// <summary>OCPP's action, such as <c>Reset</c>.</summary>
    [Id(3)] public required string Action { get; init; }

    /// <summary>The payload's JSON in UTF-8, without its secrets.</summary>
    [Id(4)] public required byte[] Request { get; init; }

    /// <summary>How far it has come.</summary>
    [Id(5)] public required CommandStatus Status { get; init; }

    /// <summary>The answer's JSON in UTF-8, without its secrets; null while there is none.</summary>
    [Id(6)] public byte[]? Response { get; init; }

    /// <summary>The status in the answer, such as <c>Accepted</c>; null when there is none.</summary>
    [Id(7)] public string? OcppStatus { get; init; }

    /// <summary>The code of the CALLERROR that answered it; null when none did.</summary>
    [Id(8)] public string? ErrorCode { get; init; }

    /// <summary>The description of that CALLERROR.</summary>
    [Id(9)] public string? ErrorDescription { get; init; }

    /// <summary>Why a command ended that was not answered: <c>not_connected</c>, <c>disconnected</c>, <c>queue_full</c>; null for others.</summary>
    [Id(10)] public string? Reason { get; init; }

    /// <summary>When it was given.</summary>
    [Id(11)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it went out to the charger; null when it never did, or when that is not known.</summary>
    [Id(12)] public DateTimeOffset? SentAt { get; init; }

    /// <summary>When it ended; a late answer moves it.</summary>
    [Id(13)] public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>The transaction that a remote start caused; null for others and until it begins.</summary>
    [Id(14)] public int? TransactionId { get; init; }
}

/// <summary>How far a command has come.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "The words are the API's.")]
public enum CommandStatus
{
    /// <summary>It waits for its turn.</summary>
    Queued = 0,

    /// <summary>It went out, and the charger has not answered yet.</summary>
    Sent = 1,

    /// <summary>The charger did, or will do, what it was asked to.</summary>
    Accepted = 2,

    /// <summary>The charger said no.</summary>
    Rejected = 3,

    /// <summary>No answer in time; the charger may have done it all the same.</summary>
    Timeout = 4,

    /// <summary>The answer came after its time was over.</summary>
    Late = 5,

    /// <summary>It did not reach the charger, or the connection ended before the answer.</summary>
    Failed = 6,
}

/// <summary>The ids of commands as the API spells them.</summary>
public static class CommandIds
{
    private const string Prefix = "cmd_";

    /// <summary><c>cmd_</c> and 32 hexadecimal digits.</summary>
    public static string Of(Guid command) => Prefix + command.ToString("N");

    /// <summary>False for what can be no command's id.</summary>
    public static bool TryParse(string? text, out Guid command)
    {
        command = default;
        return text is not null && text.StartsWith(Prefix, StringComparison.Ordinal) && Guid.TryParseExact(text[Prefix.Length..], "N", out command);
    }
}

/// <summary>How a command ended, told to its charger's grain.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.command-end")]
public sealed record CommandEnd
{
    /// <summary>Which command.</summary>
    [Id(0)] public required Guid Command { get; init; }

    /// <summary>How it ended.</summary>
    [Id(1)] public required CommandOutcome Outcome { get; init; }

    /// <summary>When it went out; null when it did not, or when that is not known.</summary>
    [Id(2)] public DateTimeOffset? SentAt { get; init; }

    /// <summary>True when the answer came after the command's time was over.</summary>
    [Id(3)] public bool IsLate { get; init; }
}

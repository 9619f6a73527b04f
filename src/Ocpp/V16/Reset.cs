using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>Asks a charger to restart.</summary>
public sealed record ResetRequest : IPayload<ResetRequest>
{
    /// <summary>One of <see cref="ResetTypes"/>.</summary>
    public required string Type { get; set; }

    static Shape<ResetRequest> IPayload<ResetRequest>.Shape { get; } = new Shape<ResetRequest>(() => new() { Type = "" })
        .Word("type", ResetTypes.Words, Need.Required, (m, v) => m.Type = v ?? "");
}

/// <summary>Whether the charger will.</summary>
public sealed record ResetResponse : IPayload<ResetResponse>
{
    /// <summary>One of <see cref="GenericStatuses"/>.</summary>
    public required string Status { get; set; }

    static Shape<ResetResponse> IPayload<ResetResponse>.Shape { get; } = new Shape<ResetResponse>(() => new() { Status = "" })
        .Word("status", GenericStatuses.Words, Need.Required, (m, v) => m.Status = v ?? "");
}

/// <summary>How a charger restarts.</summary>
public static class ResetTypes
{
    /// <summary>At once.</summary>
    public const string Hard = "Hard";

    /// <summary>After its transactions have been ended.</summary>
    public const string Soft = "Soft";

    public static WordSet Words { get; } = new(Hard, Soft);
}

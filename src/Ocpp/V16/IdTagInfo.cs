using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>What is known about a tag.</summary>
public sealed record IdTagInfo : IPayload<IdTagInfo>
{
    // Stands in while an answer is read; an answer without the member is a violation and never seen.
    internal static IdTagInfo Unknown => new() { Status = "" };

    /// <summary>One of <see cref="AuthorizationStatuses"/>.</summary>
    public required string Status { get; set; }

    public DateTimeOffset? ExpiryDate { get; set; }

    public string? ParentIdTag { get; set; }

    static Shape<IdTagInfo> IPayload<IdTagInfo>.Shape { get; } = new Shape<IdTagInfo>(() => Unknown)
        .Time("expiryDate", Need.Optional, (m, v) => m.ExpiryDate = v)
        .Text("parentIdTag", 20, Need.Optional, (m, v) => m.ParentIdTag = v)
        .Word("status", AuthorizationStatuses.Words, Need.Required, (m, v) => m.Status = v ?? "");
}

/// <summary>Whether a tag may charge.</summary>
public static class AuthorizationStatuses
{
    public const string Accepted = "Accepted";
    public const string Blocked = "Blocked";
    public const string Expired = "Expired";
    public const string Invalid = "Invalid";

    /// <summary>Only in the answer to StartTransaction.</summary>
    public const string ConcurrentTx = "ConcurrentTx";

    public static WordSet Words { get; } = new(Accepted, Blocked, Expired, Invalid, ConcurrentTx);
}

using Capacitor.Tenants;
using Capacitor.Webhooks;

namespace Capacitor.IdTags;

/// <summary>An RFID card or the like, as its owner registered it.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.id-tag")]
public sealed record IdTag
{
    /// <summary>As it was written when it was registered.</summary>
    [Id(0)] public required string Text { get; init; }

    /// <summary>The group it is in; null: none. When that is a registered tag itself and may not charge, this one may not either.</summary>
    [Id(1)] public string? ParentIdTag { get; init; }

    /// <summary>Whether its owner lets it charge.</summary>
    [Id(2)] public required IdTagStatus Status { get; init; }

    /// <summary>From then on it may not charge; null: never.</summary>
    [Id(3)] public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Whom it belongs to; null: nobody.</summary>
    [Id(4)] public string? UserId { get; init; }

    /// <summary>How many transactions it may have at a time; null: any number.</summary>
    [Id(5)] public int? MaxActiveTransactions { get; init; }

    /// <summary>What people want to remember of it.</summary>
    [Id(6)] public string? Note { get; init; }

    /// <summary>When it was registered.</summary>
    [Id(7)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    [Id(8)] public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Whether it may charge at a time, as far as it is known without its group and its transactions.</summary>
    public IdTagStanding StandingAt(DateTimeOffset now) =>
        Status == IdTagStatus.Blocked ? IdTagStanding.Blocked : ExpiresAt <= now ? IdTagStanding.Expired : IdTagStanding.Accepted;
}

/// <summary>Whether the owner of a tag lets it charge.</summary>
public enum IdTagStatus
{
    /// <summary>It may charge until it expires.</summary>
    Accepted = 0,

    /// <summary>It may not.</summary>
    Blocked = 1,
}

/// <summary>Whether a tag may charge, by the words of OCPP.</summary>
public enum IdTagStanding
{
    /// <summary>It may.</summary>
    Accepted = 0,

    /// <summary>Its owner has blocked it, or its group.</summary>
    Blocked = 1,

    /// <summary>Its time is over, or that of its group.</summary>
    Expired = 2,

    /// <summary>It is not known, or is no tag at all.</summary>
    Invalid = 3,

    /// <summary>It has as many transactions as it may.</summary>
    ConcurrentTx = 4,
}

/// <summary>What is done with tags that are not registered.</summary>
public enum UnknownIdTagPolicy
{
    /// <summary>They may charge.</summary>
    Accept = 0,

    /// <summary>They may not.</summary>
    Reject = 1,
}

/// <summary>A tag to register.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.new-id-tag")]
public sealed record NewIdTag
{
    /// <inheritdoc cref="IdTag.Text"/>
    [Id(0)] public required string Text { get; init; }

    /// <inheritdoc cref="IdTag.ParentIdTag"/>
    [Id(1)] public string? ParentIdTag { get; init; }

    /// <inheritdoc cref="IdTag.Status"/>
    [Id(2)] public IdTagStatus Status { get; init; }

    /// <inheritdoc cref="IdTag.ExpiresAt"/>
    [Id(3)] public DateTimeOffset? ExpiresAt { get; init; }

    /// <inheritdoc cref="IdTag.UserId"/>
    [Id(4)] public string? UserId { get; init; }

    /// <inheritdoc cref="IdTag.MaxActiveTransactions"/>
    [Id(5)] public int? MaxActiveTransactions { get; init; }

    /// <inheritdoc cref="IdTag.Note"/>
    [Id(6)] public string? Note { get; init; }
}

/// <summary>A change to a tag.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.id-tag-patch")]
public sealed record IdTagPatch
{
    /// <summary>A new group.</summary>
    [Id(0)] public Change<string> ParentIdTag { get; init; }

    /// <summary>Blocks or unblocks it; null: stays.</summary>
    [Id(1)] public IdTagStatus? Status { get; init; }

    /// <summary>A new end.</summary>
    [Id(2)] public Change<DateTimeOffset?> ExpiresAt { get; init; }

    /// <summary>A new owner.</summary>
    [Id(3)] public Change<string> UserId { get; init; }

    /// <summary>A new limit.</summary>
    [Id(4)] public Change<int?> MaxActiveTransactions { get; init; }

    /// <summary>A new note.</summary>
    [Id(5)] public Change<string> Note { get; init; }

    /// <summary>Why it is taken away or blocked, for the event that says so; null: the change itself is the reason.</summary>
    [Id(6)] public string? Reason { get; init; }
}

/// <summary>What a charger is told of a registered tag.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.id-tag-verdict")]
public sealed record IdTagVerdict(
    [property: Id(0)] IdTagStanding Standing, [property: Id(1)] DateTimeOffset? ExpiresAt, [property: Id(2)] string? ParentIdTag);

/// <summary>What tells the start of one transaction from others.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.id-tag-start")]
public sealed record IdTagStart
{
    /// <summary>The charger, in upper case.</summary>
    [Id(0)] public required string Charger { get; init; }

    /// <summary>Its connector; it has one transaction at a time.</summary>
    [Id(1)] public required int ConnectorId { get; init; }

    /// <summary>The id that the transaction will have.</summary>
    [Id(2)] public required int TransactionId { get; init; }

    /// <summary>How many open transactions of the tag this start ends, since they are on the same connector.</summary>
    [Id(3)] public int Superseded { get; init; }
}

/// <summary>What there is to know of a tenant's tags before any of them is looked at.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.id-tag-outlook")]
public sealed record IdTagOutlook([property: Id(0)] bool HasTags, [property: Id(1)] UnknownIdTagPolicy Unknown);

/// <summary>When tags expire: a record each, in one list of all tenants, so that one look finds those that are due.</summary>
public static class IdTagExpiries
{
    /// <summary>Stands for all tenants: no tenant has this id.</summary>
    public static TenantId Everybody { get; } = new("*");
}

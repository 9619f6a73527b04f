using Capacitor.Chargers;
using Capacitor.Tenants;

namespace Capacitor.Records;

/// <summary>
/// A row of one of a tenant's lists: a command, an id tag, a reservation and so on. Written in the commit that writes its events, so that whatever an event
/// announces can be read at once.
/// </summary>
[GenerateSerializer, Immutable, Alias("capacitor.record")]
public sealed record RecordRow
{
    /// <summary>Which list, and which of its rows.</summary>
    [Id(0)] public required RecordKey Key { get; init; }

    /// <summary>The charger it concerns, or <see cref="ChargeBoxId.None"/>; lists can be filtered by it, whatever its case.</summary>
    [Id(1)] public ChargeBoxId Charger { get; init; } = ChargeBoxId.None;

    /// <summary>What it belongs to besides, such as a user's id; lists can be filtered by it. Null: nothing.</summary>
    [Id(2)] public string? Parent { get; init; }

    /// <summary>A word that lists can be filtered by; null: none.</summary>
    [Id(3)] public string? Status { get; init; }

    /// <summary>What lists are sorted by, newest first: when it was made.</summary>
    [Id(4)] public required DateTimeOffset At { get; init; }

    /// <summary>After this it may be deleted by the sweeper, and not before; null: it stays.</summary>
    [Id(5)] public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The thing itself, as Orleans serializes it. Never logged.</summary>
    [Id(6)] public required byte[] Body { get; init; }
}

/// <summary>Names a record: unique within its tenant and kind. <paramref name="Kind"/> is one of <see cref="RecordKinds"/>; <paramref name="Id"/> is compared exactly.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.record-key")]
public readonly record struct RecordKey([property: Id(0)] TenantId Tenant, [property: Id(1)] string Kind, [property: Id(2)] string Id);

/// <summary>A new or changed row, or with a null <paramref name="Row"/> one that goes. Of several of one key in a commit the last one counts.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.record-change")]
public readonly record struct RecordChange([property: Id(0)] RecordKey Key, [property: Id(1)] RecordRow? Row)
{
    /// <summary>Writes the row.</summary>
    public static RecordChange Save(RecordRow row) => new(row.Key, row);

    /// <summary>Removes the row; nothing happens when there is none.</summary>
    public static RecordChange Remove(RecordKey key) => new(key, null);
}

/// <summary>Which records of one kind; null members match all.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.record-filter")]
public sealed record RecordFilter
{
    /// <summary>One of <see cref="RecordKinds"/>.</summary>
    [Id(0)] public required string Kind { get; init; }

    /// <summary>Those of one charger, whatever the case.</summary>
    [Id(1)] public ChargeBoxId? Charger { get; init; }

    /// <summary>Those of one parent.</summary>
    [Id(2)] public string? Parent { get; init; }

    /// <summary>Those with one of these words.</summary>
    [Id(3)] public IReadOnlyList<string>? Statuses { get; init; }

    /// <summary>Those from this time on.</summary>
    [Id(4)] public DateTimeOffset? From { get; init; }

    /// <summary>Those before this time.</summary>
    [Id(5)] public DateTimeOffset? To { get; init; }
}

/// <summary>The lists that records are in. Stored data: never changed.</summary>
public static class RecordKinds
{
    /// <summary>Commands that chargers were given.</summary>
    public const string Command = "command";

    /// <summary>RFID cards and the like; the record's id is the tag in upper case.</summary>
    public const string IdTag = "id-tag";

    /// <summary>When id tags expire: of all tenants under <see cref="IdTags.IdTagExpiries.Everybody"/>, by the time they do. The record's id is the key of the tag's grain; it has no body.</summary>
    public const string IdTagExpiry = "id-tag-expiry";

    /// <summary>Reservations.</summary>
    public const string Reservation = "reservation";

    /// <summary>What chargers were told about how much they may draw.</summary>
    public const string ChargingProfile = "charging-profile";

    /// <summary>Users, as other systems report them.</summary>
    public const string User = "user";

    /// <summary>Payments, as other systems report them.</summary>
    public const string Payment = "payment";

    /// <summary>Answers to requests that had an Idempotency-Key.</summary>
    public const string Idempotency = "idempotency";
}

using Capacitor.Chargers;
using Capacitor.Tenants;

namespace Capacitor.Events;

/// <summary>Something that happened, before it has a position.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.new-event")]
public record NewEvent
{
    /// <summary><c>evt_…</c>: derived from the charger's registration and the number of its event, which commits with it; the same for ever.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>One of <see cref="EventTypes"/>.</summary>
    [Id(1)] public required string Type { get; init; }

    /// <summary>Whose event it is; decides partition and stream.</summary>
    [Id(2)] public required TenantId Tenant { get; init; }

    /// <summary>The charger, or <see cref="Chargers.ChargeBoxId.None"/>; events of one charger are delivered in order.</summary>
    [Id(3)] public required ChargeBoxId ChargeBoxId { get; init; }

    /// <summary>When it happened, by the server's clock.</summary>
    [Id(4)] public required DateTimeOffset At { get; init; }

    /// <summary>The webhook body in UTF-8: made once, sent and signed as it is for ever.</summary>
    [Id(5)] public required byte[] Body { get; init; }

    /// <summary>The trace that made it, as W3C Trace Context spells it (<c>traceparent</c>); null when nothing was traced.</summary>
    [Id(6)] public string? TraceParent { get; init; }

    /// <summary>Counts the events of the charger's registration, from 1 and without a gap; 0: it is not counted.</summary>
    [Id(7)] public long ChargerSequence { get; init; }

    /// <summary>The transaction it tells of; null for others. Those of one transaction can be read by it.</summary>
    [Id(8)] public int? TransactionId { get; init; }
}

/// <summary>A committed event.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.journal-event")]
public sealed record JournalEvent : NewEvent
{
    /// <summary>Dense and rising within the tenant's partition, from 1.</summary>
    [Id(0)] public required long Position { get; init; }

    /// <summary>Counts the tenant's events, from 1 and without a gap; 0 for those of versions that did not count.</summary>
    [Id(1)] public long Sequence { get; init; }
}

using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Records;
using Capacitor.Transactions;

namespace Capacitor.Storage;

/// <summary>What becomes durable together. Holds its own copies of lists, so that a grain may go on filling its outbox meanwhile.</summary>
internal sealed class JournalCommit
{
    /// <summary>The state's name; null: no state is written.</summary>
    public string? Name { get; init; }

    /// <summary>The state's key.</summary>
    public string Key { get; init; } = "";

    /// <summary>The version the writer has seen; null: it has seen none.</summary>
    public long? ExpectedVersion { get; init; }

    /// <summary>The new state; null clears it.</summary>
    public byte[]? Payload { get; init; }

    /// <summary>Events, in their order.</summary>
    public NewEvent[] Events { get; init; } = [];

    /// <summary>A charger's new row.</summary>
    public Charger? Charger { get; init; }

    /// <summary>The charger whose row goes.</summary>
    public ChargeBoxId? RemovedCharger { get; init; }

    /// <summary>New or changed transaction rows.</summary>
    public Transaction[] Transactions { get; init; } = [];

    /// <summary>New, changed and removed rows of other lists.</summary>
    public RecordChange[] Records { get; init; } = [];
}

using Capacitor.Chargers;
using Capacitor.Records;
using Capacitor.Transactions;

namespace Capacitor.Events;

/// <summary>
/// A grain state that is committed together with events and list rows. The journal's grain storage takes what the outbox holds into the
/// same transaction as the state and empties it once that is durable; after a failed write it is left as it was.
/// </summary>
public interface IHasOutbox
{
    /// <summary>What is to be committed with the state. Not part of the stored state.</summary>
    Outbox Outbox { get; }
}

/// <summary>What one commit carries besides the state.</summary>
public sealed class Outbox
{
    /// <summary>Events, in the order they happened.</summary>
    public List<NewEvent> Events { get; } = [];

    /// <summary>The charger's new row; null leaves it alone.</summary>
    public Charger? Charger { get; set; }

    /// <summary>Removes the charger's row.</summary>
    public ChargeBoxId? RemovedCharger { get; set; }

    /// <summary>New or changed transaction rows.</summary>
    public List<Transaction> Transactions { get; } = [];

    /// <summary>New, changed and removed rows of other lists.</summary>
    public List<RecordChange> Records { get; } = [];

    /// <summary>True when a commit would carry nothing but the state.</summary>
    public bool IsEmpty => Events.Count == 0 && Charger is null && RemovedCharger is null && Transactions.Count == 0 && Records.Count == 0;

    /// <summary>Empties it.</summary>
    public void Clear()
    {
        Events.Clear();
        Charger = null;
        RemovedCharger = null;
        Transactions.Clear();
        Records.Clear();
    }
}

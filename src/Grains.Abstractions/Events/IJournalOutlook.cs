namespace Capacitor.Events;

/// <summary>Whether the cluster can store anything, as far as this silo knows. Answers at once, from memory.</summary>
public interface IJournalOutlook
{
    /// <summary>False when the journal takes no writes, and not for a moment only: neither from this silo nor from another one that it could ask.</summary>
    bool IsWritable { get; }
}

using Capacitor.Events;
using Capacitor.Storage;

namespace Capacitor.Silo;

/// <summary>
/// What a silo knows of the journal: from its own trials, and, while these fail, by hearsay from the others. Tells whether this silo is the one that is cut off.
/// A database that is only slow makes silos fail by turns; so both the failure here and the success there must have lasted.
/// </summary>
/// <param name="own">This silo's own trials.</param>
/// <param name="patience">How long a failure must last before anything follows from it.</param>
internal sealed class ClusterJournal(IJournalHealth own, TimeSpan patience) : IJournalOutlook
{
    private volatile bool _othersCanWrite;

    public bool IsWritable => own.UnwritableFor < patience || _othersCanWrite;

    /// <summary>True when the others should be asked.</summary>
    public bool IsInDoubt => own.IsWritable == false;

    /// <summary>How long this silo has not been able to write.</summary>
    public TimeSpan Outage => own.UnwritableFor;

    /// <summary>
    /// Takes what others said: for how long each has been able to write. True when this silo should leave: it has not been able to for long, and another one has
    /// all that time. While nobody can, nobody leaves.
    /// </summary>
    public bool Hear(IReadOnlyCollection<TimeSpan> othersWritableFor)
    {
        _othersCanWrite = othersWritableFor.Any(able => able > TimeSpan.Zero);
        return own.UnwritableFor >= patience && othersWritableFor.Any(able => able >= patience);
    }
}

namespace Capacitor.Storage;

/// <summary>Whether the journal takes writes, as it was found a few seconds ago at most.</summary>
public interface IJournalHealth
{
    /// <summary>True when the last trial write became durable; false when it failed or hangs; null before the first.</summary>
    bool? IsWritable { get; }

    /// <summary>How long it has been true without a break; zero unless it is.</summary>
    TimeSpan WritableFor { get; }

    /// <summary>How long it has been false without a break; zero unless it is.</summary>
    TimeSpan UnwritableFor { get; }
}

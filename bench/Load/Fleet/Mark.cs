namespace Capacitor.Load.Fleet;

/// <summary>The seven events, in the order of the documentation, and what Authorize makes.</summary>
internal enum Kind : byte
{
    Unknown,
    Connected,
    Disconnected,
    Boot,
    Status,
    Started,
    Stopped,
    Updated,
    Authorized,

    /// <summary>Of the registration, and of what the server makes of all connectors: no call stands for one.</summary>
    Derived,
}

/// <summary>What one event says: enough to tell it from every other event of its charger, but for a status that comes again.</summary>
/// <param name="Kind">Which event.</param>
/// <param name="Detail">The status' first two letters, or the meter's value.</param>
internal readonly record struct Mark(Kind Kind, long Detail);

/// <summary>An event that is due, or one that came.</summary>
internal struct Entry
{
    public Mark Mark;
    public int Transaction;
    public long At;
}

using Capacitor.Chargers;

namespace Capacitor.Grains.Chargers;

internal sealed partial class ChargerState
{
    // Names and kinds are the charger's or a newer gateway's to make up; what is kept is stored with every commit.
    private const int MostKinds = 40;
    private const int LongestText = 200;

    /// <summary>What the charger's messages were forgiven, by kind; null: nothing. No commit is made for it, but what is committed anyway holds it.</summary>
    [Id(20)] public List<ForgivenAnomaly>? Anomalies { get; set; }

    /// <summary>True when there are some that no commit holds.</summary>
    [field: NonSerialized]
    public bool HasNewAnomalies { get; private set; }

    public void AnomaliesStored() => HasNewAnomalies = false;

    public void Note(string kind, string? action, string path, string detail, DateTimeOffset now)
    {
        if (Forgiven(kind, now) is { } known)
        {
            known.Count++;
            known.Show(action, Cut(path), Cut(detail), now);
        }
    }

    /// <summary>Adds what a gateway has counted.</summary>
    public void Note(ChargerAnomaly counted)
    {
        if (Forgiven(counted.Kind, counted.FirstSeen) is { } known)
        {
            known.Count += counted.Count;
            known.Show(counted.Action is { } action ? Cut(action) : null, Cut(counted.Path), Cut(counted.Detail), counted.LastSeen);
        }
    }

    /// <summary>The latest first.</summary>
    public IReadOnlyList<ChargerAnomaly> ListAnomalies() =>
        [.. (Anomalies ?? []).OrderByDescending(known => known.LastSeen).ThenBy(known => known.Kind, StringComparer.Ordinal).Select(known => known.ToContract())];

    public void ClearAnomalies()
    {
        Anomalies = null;
        HasNewAnomalies = false;
    }

    private ForgivenAnomaly? Forgiven(string kind, DateTimeOffset since)
    {
        var known = (Anomalies ??= []).Find(known => known.Kind == kind);
        if (known is null && Anomalies.Count < MostKinds)
        {
            Anomalies.Add(known = new ForgivenAnomaly { Kind = kind, FirstSeen = since });
        }

        HasNewAnomalies = true;
        return known;
    }

    private static string Cut(string text) => text.Length <= LongestText ? text : text[..(char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1 : LongestText)];
}

namespace Capacitor.Load.Scenarios;

/// <summary>What is to be reached: by <see cref="Of"/>, as a ratio to <see cref="Against"/> or, without that, as it is.</summary>
internal sealed record Goal(string What, string Of, string? Against = null, double? AtLeast = null, double? AtMost = null)
{
    /// <summary>A fault is a fault however rare: the worst run counts, not the one in the middle.</summary>
    public bool Worst { get; init; }

    public override string ToString() => (AtLeast, AtMost) switch
    {
        ({ } least, _) => $"≥ {least}{Unit}",
        (_, { } most) => $"≤ {most}{Unit}",
        _ => "",
    };

    private string Unit => Against is null ? "" : $" × {Against}";

    public string Judge(double value) => (AtLeast, AtMost) switch
    {
        ({ } least, _) => value >= least ? "yes" : "NO",
        (_, { } most) => value <= most ? "yes" : "NO",
        _ => "",
    };
}

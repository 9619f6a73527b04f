namespace Capacitor.Cli.Simulate;

/// <summary>What somebody wants of a charger, other than the person in front of it.</summary>
internal abstract record Wish
{
    private Wish()
    {
    }

    /// <summary>The server wants a transaction for this tag.</summary>
    public sealed record Start(string IdTag) : Wish;

    /// <summary>The server wants the transaction to end.</summary>
    public sealed record Stop : Wish;

    /// <summary>The server wants a restart.</summary>
    public sealed record Restart(bool IsHard) : Wish;

    /// <summary>The simulation is over.</summary>
    public sealed record Leave : Wish;
}

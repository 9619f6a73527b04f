namespace Capacitor;

/// <summary>
/// How long a caller waits for an answer that may have been lost with a silo. What has such a limit can be asked again without a second effect, and is:
/// a caller at the edge is told of no other silo's death.
/// </summary>
public static class AskAgain
{
    /// <summary>For what is answered from memory or with one commit: 3 seconds. With the time a silo's death takes to be noticed still bearable for a charger.</summary>
    public const string Soon = "00:00:03";

    /// <summary>For what reads lists from the database: 10 seconds.</summary>
    public const string Later = "00:00:10";
}

namespace Capacitor.Cli.Listen;

/// <summary>Why listening cannot go on; the message is a sentence for the person at the keyboard.</summary>
internal sealed class ListenException(int exitCode, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Nothing was listened to: a setting is missing, or the server cannot be reached, or refuses for another reason than those below.</summary>
    public const int NoStart = 1;

    /// <summary>The API key is unknown or revoked.</summary>
    public const int WrongKey = 3;

    /// <summary>The account may not listen: it is suspended, or its tier does not include this.</summary>
    public const int Forbidden = 4;

    /// <summary>There is no Capacitor at the URL.</summary>
    public const int WrongUrl = 5;

    public int ExitCode => exitCode;
}

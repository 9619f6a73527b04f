using System.Globalization;

namespace Capacitor.Api;

/// <summary>Reads points in time as ISO 8601 spells them.</summary>
internal static class Instant
{
    /// <summary>What is allowed, in words.</summary>
    public const string Allowed = "a time such as 2026-02-06T14:30:00Z";

    /// <summary>A time with a date, a <c>T</c> and an offset; without an offset it is UTC.</summary>
    public static bool TryParse(string text, out DateTimeOffset time)
    {
        time = default;
        return text.Length is >= 10 and <= 40 && text[4] == '-' && (text.Length == 10 || text[10] == 'T')
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }
}

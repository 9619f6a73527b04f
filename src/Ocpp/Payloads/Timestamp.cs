using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Capacitor.Ocpp.Payloads;

/// <summary>Reads the times chargers write. All come out in UTC; a time without an offset is taken for UTC.</summary>
public static partial class Timestamp
{
    // Epoch numbers from here on are milliseconds: as seconds they would lie beyond the year 5000.
    private const decimal FirstMilliseconds = 100_000_000_000m;
    private const decimal LastMilliseconds = 10_000_000_000_000m;

    internal const string Pattern = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>Writes a time as every charger understands it, such as <c>2025-01-31T12:00:00.000Z</c>.</summary>
    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString(Pattern, CultureInfo.InvariantCulture);

    /// <summary>RFC 3339 with <c>Z</c> or <c>±hh:mm</c>; more than seven digits of a fraction are cut.</summary>
    internal static bool TryParseStrict(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':'
            || !TryDigits(text[..4], out var year) || !TryDigits(text.Slice(5, 2), out var month) || !TryDigits(text.Slice(8, 2), out var day)
            || !TryDigits(text.Slice(11, 2), out var hour) || !TryDigits(text.Slice(14, 2), out var minute) || !TryDigits(text.Slice(17, 2), out var second))
        {
            return false;
        }

        var rest = text[19..];
        if (!TryFraction(ref rest, out var ticks) || !TryOffset(rest, out var offset))
        {
            return false;
        }

        if (year == 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        return TryMake(new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks + ticks, offset, out time);
    }

    /// <summary>Also without offset or with a short one, with a blank for the <c>T</c>, without seconds, as a date alone, as an epoch number.</summary>
    internal static bool TryParseWide(string text, out DateTimeOffset time)
    {
        time = default;
        text = text.Trim();
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var epoch))
        {
            return TryEpoch(epoch, out time);
        }

        var match = text.Length <= 64 ? Wide().Match(text) : Match.Empty;
        if (!match.Success)
        {
            return false;
        }

        // A leap second is the last second of its minute.
        var second = Part(match, "second");
        var strict = string.Create(CultureInfo.InvariantCulture,
            $"{Part(match, "year"):0000}-{Part(match, "month"):00}-{Part(match, "day"):00}T{Part(match, "hour"):00}:{Part(match, "minute"):00}:{(second == 60 ? 59 : second):00}");
        var fraction = match.Groups["fraction"].Value;
        var offset = match.Groups["sign"].Value is { Length: > 0 } sign
            ? string.Create(CultureInfo.InvariantCulture, $"{sign}{Part(match, "offsetHour"):00}:{Part(match, "offsetMinute"):00}")
            : "Z";
        return TryParseStrict(Encoding.ASCII.GetBytes(strict + (fraction.Length > 0 ? "." + fraction : "") + offset), out time);
    }

    [GeneratedRegex(
        """
        ^(?<year>[0-9]{4})[-/](?<month>[0-9]{1,2})[-/](?<day>[0-9]{1,2})
        ([Tt ]+(?<hour>[0-9]{1,2}):(?<minute>[0-9]{2})(:(?<second>[0-9]{2})([.,](?<fraction>[0-9]*))?)?)?
        \ *([Zz]|(UTC)|(GMT)|(?<sign>[+-])(?<offsetHour>[0-9]{1,2})(:?(?<offsetMinute>[0-9]{2}))?)?$
        """,
        RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Wide();

    private static int Part(Match match, string name) =>
        match.Groups[name].Value is { Length: > 0 } digits ? int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    private static bool TryEpoch(decimal epoch, out DateTimeOffset time)
    {
        var milliseconds = epoch < FirstMilliseconds ? epoch * 1000 : epoch;
        var isTime = milliseconds is >= 0 and < LastMilliseconds;
        time = isTime ? DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds) : default;
        return isTime;
    }

    private static bool TryFraction(ref ReadOnlySpan<byte> rest, out long ticks)
    {
        ticks = 0;
        if (rest[0] != '.')
        {
            return true;
        }

        var unit = TimeSpan.TicksPerSecond / 10;
        var i = 1;
        for (; i < rest.Length && rest[i] is >= (byte)'0' and <= (byte)'9'; i++)
        {
            ticks += (rest[i] - '0') * unit;
            unit /= 10;
        }

        rest = rest[i..];
        return i > 1;
    }

    private static bool TryOffset(ReadOnlySpan<byte> rest, out TimeSpan offset)
    {
        offset = default;
        if (rest is [(byte)'Z'])
        {
            return true;
        }

        if (rest is not [(byte)'+' or (byte)'-', _, _, (byte)':', _, _]
            || !TryDigits(rest.Slice(1, 2), out var hours) || !TryDigits(rest.Slice(4, 2), out var minutes) || minutes > 59 || hours > 23)
        {
            return false;
        }

        offset = new TimeSpan(hours, minutes, 0);
        offset = rest[0] == '-' ? -offset : offset;
        return true;
    }

    private static bool TryMake(long ticks, TimeSpan offset, out DateTimeOffset time)
    {
        ticks -= offset.Ticks;
        var isTime = ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks;
        time = isTime ? new DateTimeOffset(ticks, TimeSpan.Zero) : default;
        return isTime;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            value = (value * 10) + digit - '0';
        }

        return true;
    }
}

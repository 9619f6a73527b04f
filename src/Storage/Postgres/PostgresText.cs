using System.Diagnostics.CodeAnalysis;
using System.Text;
using Capacitor.Records;

namespace Capacitor.Storage.Postgres;

/// <summary>
/// Texts that PostgreSQL can hold. U+0000 and half surrogate pairs it cannot; chargers can send both, and must not be able to fail the commits of others
/// with them. In the rows of lists they become U+FFFD; events and states hold the bytes as they are.
/// </summary>
internal static class PostgresText
{
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Clean(string? text) =>
        text is null || (!text.Contains('\0') && text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0) ? text : Replace(text);

    public static RecordKey Clean(RecordKey key) => new(new(Clean(key.Tenant.Value)), Clean(key.Kind), Clean(key.Id));

    private static string Replace(string text)
    {
        StringBuilder clean = new(text.Length);
        foreach (var rune in text.EnumerateRunes()) // answers U+FFFD for half a pair
        {
            clean.Append((rune.Value == 0 ? Rune.ReplacementChar : rune).ToString());
        }
        return clean.ToString();
    }
}

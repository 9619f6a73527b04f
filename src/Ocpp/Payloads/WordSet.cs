using System.Text;
using System.Text.Json;

namespace Capacitor.Ocpp.Payloads;

/// <summary>The words the document lists for a member. Chargers send others too, so members are strings.</summary>
public sealed class WordSet
{
    private readonly (byte[] Utf8, string Word)[] _words;

    internal WordSet(params string[] words)
    {
        All = words;
        _words = [.. words.Select(word => (Encoding.ASCII.GetBytes(word), word))];
    }

    /// <summary>Every word, in the document's order.</summary>
    public IReadOnlyList<string> All { get; }

    /// <summary>True when the document lists the word, in this case.</summary>
    public bool Contains(string? word)
    {
        foreach (var (_, known) in _words)
        {
            if (string.Equals(known, word, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The one string of a listed word, so that reading makes none.</summary>
    internal string? Find(ref Utf8JsonReader json)
    {
        var value = json.ValueSpan;
        foreach (var (utf8, word) in _words)
        {
            if (value.Length == utf8.Length && value.SequenceEqual(utf8))
            {
                return word;
            }
        }

        return null;
    }

    internal string? FindIgnoringCase(string text)
    {
        foreach (var (_, word) in _words)
        {
            if (string.Equals(word, text, StringComparison.OrdinalIgnoreCase))
            {
                return word;
            }
        }

        return null;
    }
}

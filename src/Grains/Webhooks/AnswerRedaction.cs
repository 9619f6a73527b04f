using System.Text;
using System.Text.Encodings.Web;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

/// <summary>
/// Takes the values of a webhook's own headers, and its secrets, out of what its endpoint answers: an endpoint that echoes a request must not make the delivery log
/// readable where the settings are not.
/// </summary>
internal sealed class AnswerRedaction
{
    /// <summary>Stands where something was.</summary>
    public const string Mark = "[redacted]";

    /// <summary>What is shorter is no secret, and would turn up by chance.</summary>
    public const int Least = 8;

    // So much of the beginning of something, at the place where an answer breaks off, is taken out as well.
    private const int LeastAtTheEnd = 4;

    // A longer value is looked for as it is only: its other forms would be kept in memory.
    private const int MostWithForms = 512;

    private static readonly string[] Harmless = ["accept", "cache-control", "pragma"];

    // Of UTF-8, each byte as a character of its own: as HttpClient reads headers, and as a body is looked at here. The longest first, since it may hold others.
    private readonly string[] _needles;

    /// <summary>For the headers and secrets of a webhook.</summary>
    public AnswerRedaction(IEnumerable<WebhookHeader> headers, IEnumerable<string> secrets)
    {
        var values = headers.Where(header => !IsHarmless(header.Name)).SelectMany(header => PartsOf(header.Value));
        _needles = [.. values.Concat(secrets.SelectMany(PartsOfSecret)).SelectMany(FormsOf).Where(form => form.Length >= Least).Distinct().OrderByDescending(form => form.Length)];
    }

    /// <summary>A header's value without them; the same string when none is in it.</summary>
    public string Redact(string value)
    {
        foreach (var needle in _needles)
        {
            value = value.Replace(needle, Mark, StringComparison.Ordinal); // the same string when there is nothing to replace
        }

        return value;
    }

    /// <summary>
    /// The beginning of a body without them, at most <see cref="DeliveryAttempt.MostBodyBytes"/> long. <paramref name="isCut"/>: more of it came, or was to come.
    /// </summary>
    public byte[] Redact(ReadOnlySpan<byte> body, bool isCut)
    {
        Span<char> text = stackalloc char[DeliveryAttempt.MostBodyBytes];
        text = text[..Encoding.Latin1.GetChars(body, text)];
        if (!IsIn(text, isCut))
        {
            return body.ToArray();
        }

        var redacted = Redact(new string(text));
        var beginning = isCut ? BeginningAtTheEndOf(redacted) : 0;
        redacted = beginning > 0 ? string.Concat(redacted.AsSpan(0, redacted.Length - beginning), Mark) : redacted;
        return Encoding.Latin1.GetBytes(redacted.Length > DeliveryAttempt.MostBodyBytes ? redacted[..DeliveryAttempt.MostBodyBytes] : redacted);
    }

    private static bool IsHarmless(string name) => Array.Exists(Harmless, known => name.StartsWith(known, StringComparison.OrdinalIgnoreCase));

    // 'Bearer abc' is a secret as a whole and without its scheme; 'Basic …' also as what it stands for.
    private static IEnumerable<string> PartsOf(string value)
    {
        yield return value;
        var credentials = value[(value.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        yield return credentials;
        if (value.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) && TryReadBase64(credentials) is { } pair)
        {
            yield return pair;
            yield return pair[(pair.IndexOf(':', StringComparison.Ordinal) + 1)..];
        }
    }

    private static IEnumerable<string> PartsOfSecret(string secret) => secret.StartsWith("whs", StringComparison.Ordinal) ? [secret, secret[(secret.IndexOf('_', StringComparison.Ordinal) + 1)..]] : [secret];

    // As it is, in base64, and as JSON and URLs have it.
    private static IEnumerable<string> FormsOf(string part)
    {
        var bytes = Encoding.UTF8.GetBytes(part);
        yield return bytes.Length == part.Length ? part : Encoding.Latin1.GetString(bytes);
        if (part.Length is < Least or > MostWithForms)
        {
            yield break;
        }

        yield return Convert.ToBase64String(bytes).TrimEnd('=');
        yield return JavaScriptEncoder.Default.Encode(part);
        yield return JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(part);
        yield return part.Replace("/", "\\/", StringComparison.Ordinal);
        yield return Uri.EscapeDataString(part);
    }

    private static string? TryReadBase64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var written) ? Encoding.UTF8.GetString(bytes, 0, written) : null;
    }

    private bool IsIn(ReadOnlySpan<char> text, bool isCut)
    {
        foreach (var needle in _needles)
        {
            if (text.IndexOf(needle, StringComparison.Ordinal) >= 0)
            {
                return true;
            }
        }

        return isCut && BeginningAtTheEndOf(text) > 0;
    }

    private int BeginningAtTheEndOf(ReadOnlySpan<char> text)
    {
        var longest = 0;
        foreach (var needle in _needles)
        {
            for (var length = Math.Min(needle.Length - 1, text.Length); length >= LeastAtTheEnd && length > longest; length--)
            {
                if (text.EndsWith(needle.AsSpan(0, length), StringComparison.Ordinal))
                {
                    longest = length;
                }
            }
        }

        return longest;
    }
}

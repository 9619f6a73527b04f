using System.Globalization;
using System.Net.Http.Headers;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

/// <summary>What is kept of an answer's headers, and what they ask for.</summary>
internal static class AnswerHeaders
{
    /// <summary>As many are kept.</summary>
    public const int Most = 32;

    /// <summary>As many characters of a value are kept.</summary>
    public const int MostCharacters = 256;

    /// <summary>The longest that an endpoint is left alone.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromHours(24);

    private const string RetryAfter = "Retry-After";

    /// <summary>
    /// The first <see cref="Most"/> headers, without what <paramref name="redaction"/> takes out. Of cookies, the name only: they are for whoever logs in there.
    /// </summary>
    public static IReadOnlyList<WebhookHeader> Read(HttpResponseMessage response, AnswerRedaction? redaction = null)
    {
        var (answer, content) = (response.Headers.NonValidated, response.Content.Headers.NonValidated);
        var kept = new WebhookHeader[Math.Min(answer.Count + content.Count, Most)];
        var count = Add(answer, kept, 0, redaction);
        _ = Add(content, kept, count, redaction);
        return kept;
    }

    /// <summary>What <c>Retry-After</c> asks for, 0 to <see cref="LongestPause"/>; null when it is absent or not understood.</summary>
    public static TimeSpan? ReadRetryAfter(HttpResponseMessage response, TimeProvider time) =>
        response.Headers.NonValidated.TryGetValues(RetryAfter, out var values) ? ReadRetryAfter(values.ToString(), time.GetUtcNow()) : null;

    /// <summary>Seconds, or a date as HTTP writes them.</summary>
    public static TimeSpan? ReadRetryAfter(string text, DateTimeOffset now)
    {
        var digits = text.AsSpan().Trim();
        var isNegative = digits.StartsWith('-');
        digits = isNegative ? digits[1..] : digits;
        if (digits.Length > 0 && !digits.ContainsAnyExceptInRange('0', '9'))
        {
            var seconds = double.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture); // never too many digits for it
            return isNegative ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(seconds, LongestPause.TotalSeconds));
        }

        if (!RetryConditionHeaderValue.TryParse(text, out var parsed) || parsed.Date is not { } until)
        {
            return null;
        }

        var pause = until - now;
        return pause < TimeSpan.Zero ? TimeSpan.Zero : pause > LongestPause ? LongestPause : pause;
    }

    private static int Add(HttpHeadersNonValidated headers, WebhookHeader[] kept, int count, AnswerRedaction? redaction)
    {
        foreach (var (name, values) in headers)
        {
            if (count == kept.Length)
            {
                break;
            }

            var value = name.StartsWith("Set-Cookie", StringComparison.OrdinalIgnoreCase) ? "" : values.ToString();
            value = redaction?.Redact(value) ?? value; // before it is cut: half of a secret would not be found
            kept[count++] = new WebhookHeader(name, value.Length > MostCharacters ? value[..MostCharacters] : value);
        }

        return count;
    }
}

using System.Security.Cryptography;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

/// <summary>How secrets follow each other: the newest first, those before it with an end.</summary>
internal static class SigningSecrets
{
    /// <summary>As many may sign at the same time.</summary>
    public const int Most = 10;

    /// <summary>How long the old scheme goes on when a webhook changes to the other.</summary>
    public static readonly TimeSpan SchemeOverlap = TimeSpan.FromHours(24);

    private const int NewSecretBytes = 32;

    /// <summary>Makes a secret.</summary>
    public static WebhookSecret Make(SignatureScheme scheme) => new()
    {
        Text = scheme == SignatureScheme.V1a ? Ed25519Key.Make() : "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(NewSecretBytes)),
        Scheme = scheme,
    };

    /// <summary><c>whpk_…</c> of a secret of <see cref="SignatureScheme.V1a"/>, otherwise null.</summary>
    public static string? PublicKeyOf(WebhookSecret? secret) =>
        secret is { Scheme: SignatureScheme.V1a } && Ed25519Key.TryParse(secret.Text, out var key) ? key.PublicText : null;

    /// <summary>
    /// Puts a secret before others. The one that signed alone until now goes on for <paramref name="overlap"/>, in whole seconds; those that have an end keep it, and
    /// those that ended are dropped. Throws <see cref="RefusedException"/> (Conflict) when there would be more than <see cref="Most"/>.
    /// </summary>
    public static IReadOnlyList<WebhookSecret> Rotate(IReadOnlyList<WebhookSecret> before, WebhookSecret next, TimeSpan overlap, DateTimeOffset now)
    {
        var end = DateTimeOffset.FromUnixTimeSeconds((now + overlap).ToUnixTimeSeconds());
        WebhookSecret[] live = [next, .. before.Select(secret => secret.Until is null ? secret with { Until = end } : secret).Where(secret => secret.Until > now)];
        return live.Length <= Most
            ? live
            : throw new RefusedException(
                RefusalKind.Conflict,
                $"{Most} secrets sign already, and the first of them ends at {live.Min(secret => secret.Until):u}. Wait until then, or set 'secret' with PATCH, which replaces all of them at once.");
    }

    /// <summary>When the last of the old ones ends; null: the newest signs alone.</summary>
    public static DateTimeOffset? OldUntil(IReadOnlyList<WebhookSecret> secrets) => secrets.Max(secret => secret.Until);

    /// <summary>Those that have not ended.</summary>
    public static IReadOnlyList<WebhookSecret> Live(IReadOnlyList<WebhookSecret> secrets, DateTimeOffset now) =>
        secrets.All(secret => secret.Until is null || secret.Until > now) ? secrets : [.. secrets.Where(secret => secret.Until is null || secret.Until > now)];
}

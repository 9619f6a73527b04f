using System.Globalization;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

/// <summary>All that signs a webhook's deliveries, read once per change. Several sign while a secret is replaced by another.</summary>
internal sealed class WebhookSigner
{
    private readonly SigningKey? _onlyKey;
    private readonly Signer[] _signers;

    /// <summary>From settings that were checked when they were registered; a secret that cannot be read is left out.</summary>
    public WebhookSigner(WebhookSettings settings)
    {
        var secrets = settings.Secrets ?? (settings.Secret is { } text ? [new WebhookSecret { Text = text }] : []);
        _signers = [.. secrets.Select(Signer.Of).OfType<Signer>()];
        _onlyKey = _signers is [{ Key: { } key, Until: null }] ? key : null;
    }

    /// <summary>
    /// The value of <c>webhook-signature</c>, newest first; null: unsigned. Which secrets have ended by then is read from <paramref name="timestamp"/>, in seconds
    /// since 1970.
    /// </summary>
    public string? Sign(string id, string timestamp, ReadOnlySpan<byte> body)
    {
        if (_onlyKey is not null)
        {
            return _onlyKey.Sign(id, timestamp, body);
        }

        string? signatures = null;
        foreach (var signer in _signers)
        {
            if (signer.Until is not { } until || long.Parse(timestamp, CultureInfo.InvariantCulture) < until)
            {
                var signature = signer.Key?.Sign(id, timestamp, body) ?? signer.Pair!.Sign(id, timestamp, body);
                signatures = signatures is null ? signature : $"{signatures} {signature}";
            }
        }

        return signatures;
    }

    private sealed record Signer(SigningKey? Key, Ed25519Key? Pair, long? Until)
    {
        public static Signer? Of(WebhookSecret secret)
        {
            SigningKey? key = null;
            Ed25519Key? pair = null;
            var isReadable = secret.Scheme == SignatureScheme.V1a ? Ed25519Key.TryParse(secret.Text, out pair) : SigningKey.TryParse(secret.Text, out key);
            return isReadable ? new Signer(key, pair, secret.Until?.ToUnixTimeSeconds()) : null;
        }
    }
}

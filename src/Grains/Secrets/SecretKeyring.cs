using Microsoft.Extensions.Options;

namespace Capacitor.Grains.Secrets;

/// <summary>The keys of this process: those of the configuration, or else one that is kept in a file.</summary>
public sealed class SecretKeyring
{
    private readonly List<SecretKey> _keys = [];

    /// <summary>Throws <see cref="SecretKeysException"/> when there is no key and nowhere to keep one.</summary>
    public SecretKeyring(IOptions<SecretOptions> options, ISecretKeyFile? file = null)
    {
        foreach (var text in options.Value.SecretKeys.Where(text => !string.IsNullOrEmpty(text)))
        {
            _keys.Add(SecretKey.TryParse(text, out var key) ? key : throw new SecretKeysException($"One of Capacitor:SecretKeys {SecretKey.Rule}"));
        }

        // A key that was made before others were configured goes on opening what it sealed.
        if (file?.Find() is { } kept)
        {
            _keys.Add(kept);
        }
        else if (_keys.Count == 0)
        {
            _keys.Add((file ?? throw new SecretKeysException(Missing)).Make());
        }
    }

    /// <summary>What to say when a process has no key.</summary>
    public const string Missing =
        "Capacitor:SecretKeys is missing: the key that seals the secrets of webhooks in the database, the same for all silos. Make one with openssl rand -base64 32, keep it safe, and give it as Capacitor__SecretKeys__0.";

    /// <summary>The key that seals.</summary>
    public SecretKey First => _keys[0];

    /// <summary>The ids of all of them, the one that seals first.</summary>
    public IReadOnlyList<string> Ids => _keys.ConvertAll(key => key.Id);

    internal SecretKey? Find(ReadOnlySpan<byte> id)
    {
        foreach (var key in _keys)
        {
            if (id.SequenceEqual(key.IdBytes))
            {
                return key;
            }
        }

        return null;
    }
}

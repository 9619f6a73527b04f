using System.Text;
using Capacitor.Grains.Secrets;
using Capacitor.Storage;

namespace Capacitor.Silo;

/// <summary>The key that one machine makes itself, in its data directory and for its owner only.</summary>
internal sealed class SecretKeyFile(DataDirectory data) : ISecretKeyFile
{
    private const string FileName = "secret-key";

    /// <inheritdoc/>
    public string Path => System.IO.Path.Combine(data.FullPath, FileName);

    /// <inheritdoc/>
    public SecretKey? Find()
    {
        if (!File.Exists(Path))
        {
            return null;
        }

        return SecretKey.TryParse(File.ReadAllText(Path), out var key)
            ? key
            : throw new SecretKeysException($"The file {Path} holds no key (32 bytes in base64). Restore it from a backup: it opens the secrets of webhooks that are stored beside it.");
    }

    /// <inheritdoc/>
    public SecretKey Make()
    {
        var key = SecretKey.Make();
        using var stream = data.OpenPrivate(FileName + ".new", FileMode.Create);
        stream.Write(Encoding.ASCII.GetBytes(key.Export() + "\n"));
        stream.Flush(flushToDisk: true);
        File.Move(Path + ".new", Path, overwrite: false); // half a key must never stand there
        return key;
    }
}

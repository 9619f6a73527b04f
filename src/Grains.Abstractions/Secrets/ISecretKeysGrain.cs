namespace Capacitor.Secrets;

/// <summary>Remembers with which keys something may be sealed, so that a start without one of them is refused. Key: <see cref="Key"/>.</summary>
[Alias("capacitor.ISecretKeysGrain")]
public interface ISecretKeysGrain : IGrainWithStringKey
{
    /// <summary>The one there is.</summary>
    const string Key = "s/secret-keys";

    /// <summary>
    /// A process that has these keys is about to seal with the first. Answers the ids of keys that something may be sealed with and that it lacks; none, and the
    /// first is remembered.
    /// </summary>
    [Alias("Use")]
    Task<IReadOnlyList<string>> UseAsync(IReadOnlyList<string> keyIds);

    /// <summary>Everything is sealed with this key now; the others are needed no more.</summary>
    [Alias("Resealed")]
    Task ResealedAsync(string keyId);
}

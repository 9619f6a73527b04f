using Capacitor.Events;
using Capacitor.Secrets;

namespace Capacitor.Grains.Secrets;

[GrainType(TypeName)]
internal sealed class SecretKeysGrain([PersistentState("secret-keys", EventStream.ColdStorage)] IPersistentState<SecretKeysState> keys) : Grain, ISecretKeysGrain
{
    public const string TypeName = "secret-keys";

    public async Task<IReadOnlyList<string>> UseAsync(IReadOnlyList<string> keyIds)
    {
        List<string> missing = [.. keys.State.Ids.Except(keyIds)];
        if (missing.Count == 0 && !keys.State.Ids.Contains(keyIds[0]))
        {
            await KeepAsync([.. keys.State.Ids, keyIds[0]]);
        }

        return missing;
    }

    public async Task ResealedAsync(string keyId)
    {
        if (keys.State.Ids is not [var only] || only != keyId)
        {
            await KeepAsync([keyId]);
        }
    }

    private Task KeepAsync(IReadOnlyList<string> ids)
    {
        keys.State = new SecretKeysState { Ids = ids };
        return this.SaveAsync(keys);
    }
}

/// <summary>What is stored of the keys: never they themselves.</summary>
[GenerateSerializer, Alias("capacitor.state.secret-keys")]
internal sealed class SecretKeysState
{
    /// <summary>Of keys that something may be sealed with.</summary>
    [Id(0)] public IReadOnlyList<string> Ids { get; init; } = [];
}

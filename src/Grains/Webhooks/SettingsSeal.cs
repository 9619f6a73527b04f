using Capacitor.Grains.Secrets;
using Capacitor.Webhooks;
using Orleans.Serialization;

namespace Capacitor.Grains.Webhooks;

/// <summary>Seals what a webhook's grain stores of its settings, for that webhook only.</summary>
internal sealed class SettingsSeal(SecretBox box, Serializer serializer, OlderSilos older)
{
    /// <summary>
    /// True while the settings must be stored in the clear as well, where earlier versions look for them: silos that cannot open sealed ones are in the cluster.
    /// </summary>
    public bool NeedsClear => older.Any;

    /// <summary>Seals settings with the first key.</summary>
    public SealedSettings Seal(WebhookSettings settings) => new(box.Seal(serializer.SerializeToArray(settings), Place(settings.WebhookId)));

    /// <summary>Opens them. Throws <see cref="SecretKeysException"/> when no key does, or when they were another webhook's.</summary>
    public WebhookSettings Open(SealedSettings text, string webhookId) => serializer.Deserialize<WebhookSettings>(box.Open(text.Text, Place(webhookId)))!;

    /// <summary>
    /// True when a state should be written again although nothing in it changed: it is not sealed, or not with the first key, or <paramref name="isClear"/> (it holds
    /// the settings in the clear) and nobody needs that any more.
    /// </summary>
    public bool IsDue(SealedSettings? text, bool isClear) => text is null || !box.IsOfFirstKey(text.Text) || (isClear && !NeedsClear);

    private static string Place(string webhookId) => $"webhook/{webhookId}";
}

/// <summary>A webhook's settings as they are stored.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.state.sealed-settings")]
internal sealed record SealedSettings([property: Id(0)] byte[] Text)
{
    public override string ToString() => "sealed settings";
}

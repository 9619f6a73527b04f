using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

/// <summary>What a webhook must not forget.</summary>
[GenerateSerializer, Alias("capacitor.state.webhook")]
internal sealed class WebhookState
{
    /// <summary>Null: not registered.</summary>
    [Id(0)] public WebhookSettings? Settings { get; set; }

    /// <summary>Every matching event up to this position of the journal is done.</summary>
    [Id(1)] public long Position { get; set; }
}

using Capacitor.Events;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Capacitor.Grains.Webhooks;

/// <summary>What every webhook's pump is made of.</summary>
internal sealed class DeliveryPumps(
    IJournalReader journal, WebhookSender sender, IOptions<WebhookOptions> options, TimeProvider time, WebhookMetrics metrics, ILogger<DeliveryPump> logger)
{
    public IJournalReader Journal => journal;

    public WebhookSender Sender => sender;

    public WebhookOptions Options => options.Value;

    public TimeProvider Time => time;

    public WebhookMetrics Metrics => metrics;

    public ILogger Logger => logger;
}

using Capacitor.Events;
using Capacitor.Webhooks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Capacitor.Grains.Webhooks;

/// <summary>What every webhook's pump is made of.</summary>
internal sealed class DeliveryPumps(
    IJournalReader journal,
    IDeliveryStore store,
    WebhookSender sender,
    SendSlots slots,
    StartLine starts,
    DeliveryLog log,
    IOptions<WebhookOptions> options,
    TimeProvider time,
    WebhookMetrics metrics,
    ILogger<DeliveryPump> logger)
{
    public IJournalReader Journal => journal;

    public IDeliveryStore Store => store;

    public ReplayPages Replays { get; } = new(journal, store);

    public WebhookSender Sender => sender;

    public SendSlots Slots => slots;

    public StartLine Starts => starts;

    public DeliveryLog Log => log;

    public WebhookOptions Options => options.Value;

    public TimeProvider Time => time;

    public WebhookMetrics Metrics => metrics;

    public ILogger Logger => logger;
}

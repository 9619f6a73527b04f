using System.Diagnostics;
using System.Globalization;
using Capacitor.Events;

namespace Capacitor.Grains.Webhooks;

/// <summary>The span of an attempt, in the trace of the message that made the event. Events that were not traced have none.</summary>
internal static class DeliveryTrace
{
    public static Activity? Begin(JournalEvent item, WebhookTarget target) => item.TraceParent is null
        ? null
        : Tracing.StartBelow(item.TraceParent, null, "POST", ActivityKind.Client)?
            .SetTag("http.request.method", "POST").SetTag("server.address", target.Url.Host)
            .SetTag("capacitor.webhook.id", target.WebhookId).SetTag("capacitor.event.id", item.Id).SetTag("capacitor.event.type", item.Type);

    public static void End(Activity? span, DeliveryOutcome outcome)
    {
        if (span is null)
        {
            return;
        }

        var status = outcome switch
        {
            DeliveryOutcome.Delivered delivered => delivered.Status,
            DeliveryOutcome.Rejected rejected => rejected.Status,
            _ => (int?)null,
        };
        if (status is { } code)
        {
            span.SetTag("http.response.status_code", code);
        }

        span.SetTag("capacitor.outcome", outcome.Word);
        if (outcome is not DeliveryOutcome.Delivered)
        {
            span.SetStatus(ActivityStatusCode.Error, status?.ToString(CultureInfo.InvariantCulture) ?? outcome.Word);
        }

        span.Dispose();
    }
}

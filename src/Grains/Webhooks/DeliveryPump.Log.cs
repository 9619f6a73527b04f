using Capacitor.Events;
using Capacitor.Webhooks;
using Microsoft.Extensions.Logging;

namespace Capacitor.Grains.Webhooks;

/// <summary>What is said of it all.</summary>
internal sealed partial class DeliveryPump
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(1);

    private string _told = DeliveryOutcome.DeliveredWord;
    private long _toldAt;

    /// <summary>Counts an attempt's end. A change from well to ill or back is worth a line that is seen, but not ten thousand a second.</summary>
    private void Report(JournalEvent item, WebhookTarget target, DeliveryOutcome outcome)
    {
        _metrics.Attempted(outcome, _time.GetUtcNow() - item.At);
        var isNews = !ReferenceEquals(_told, outcome.Word) && IsTimeToTell(outcome);
        if (outcome is not DeliveryOutcome.Delivered)
        {
            Log.Attempt(_logger, isNews ? LogLevel.Information : LogLevel.Debug, target.WebhookId, target.Tenant.Value, item.Id, target.LoggedUrl, outcome);
        }
        else if (isNews)
        {
            Log.Recovered(_logger, target.WebhookId, target.Tenant.Value, target.LoggedUrl);
        }
    }

    /// <summary>Logs a fault of ours, which must not hold up the charger's other events.</summary>
    internal AttemptResult Fault(Posting posting, WebhookTarget target, Exception fault, long began)
    {
        Log.Faulted(_logger, fault, target.WebhookId, target.Tenant.Value, posting.Event.Id);
        var took = _time.GetElapsedTime(began);
        var outcome = new DeliveryOutcome.Faulted(fault.GetType().Name);
        return new AttemptResult(outcome, new DeliveryAttempt
        {
            Number = posting.Number, At = _time.GetUtcNow() - took, Trigger = posting.Trigger, Outcome = outcome.Word, Error = "A fault of this server; it is logged.", Total = took,
        });
    }

    private bool IsTimeToTell(DeliveryOutcome outcome)
    {
        var now = _time.GetTimestamp();
        lock (_gate)
        {
            if (_toldAt != 0 && _time.GetElapsedTime(_toldAt, now) < BetweenLines)
            {
                return false;
            }

            (_told, _toldAt) = (outcome.Word, now);
            return true;
        }
    }

    internal static partial class Log
    {
        [LoggerMessage(EventId = 2001, Message = "Webhook {Webhook} of tenant {Tenant}: event {Event} to {Url} ended as {Outcome}")]
        public static partial void Attempt(ILogger logger, LogLevel level, string webhook, string tenant, string @event, string url, DeliveryOutcome outcome);

        [LoggerMessage(2002, LogLevel.Information, "Webhook {Webhook} of tenant {Tenant}: {Url} takes events again")]
        public static partial void Recovered(ILogger logger, string webhook, string tenant, string url);

        [LoggerMessage(2003, LogLevel.Error, "Webhook {Webhook} of tenant {Tenant}: event {Event} could not be posted")]
        public static partial void Faulted(ILogger logger, Exception fault, string webhook, string tenant, string @event);

        [LoggerMessage(2004, LogLevel.Warning, "Webhook {Webhook} of tenant {Tenant}: the journal could not be read; next try in {Pause}")]
        public static partial void ReadFailed(ILogger logger, Exception failure, string webhook, string tenant, TimeSpan pause);
    }
}

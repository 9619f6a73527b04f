using Microsoft.Extensions.Logging;

namespace Capacitor.Grains.Webhooks;

internal sealed partial class DeliveryPump
{
    private static partial class Log
    {
        [LoggerMessage(EventId = 2001, Message = "Webhook {Webhook} of tenant {Tenant}: event {Event} to {Url} ended as {Outcome}; it is not tried again")]
        public static partial void Attempt(ILogger logger, LogLevel level, string webhook, string tenant, string @event, string url, DeliveryOutcome outcome);

        [LoggerMessage(2002, LogLevel.Information, "Webhook {Webhook} of tenant {Tenant}: {Url} takes events again")]
        public static partial void Recovered(ILogger logger, string webhook, string tenant, string url);

        [LoggerMessage(2003, LogLevel.Error, "Webhook {Webhook} of tenant {Tenant}: event {Event} could not be posted")]
        public static partial void Faulted(ILogger logger, Exception fault, string webhook, string tenant, string @event);

        [LoggerMessage(2004, LogLevel.Warning, "Webhook {Webhook} of tenant {Tenant}: the journal could not be read; next try in {Pause}")]
        public static partial void ReadFailed(ILogger logger, Exception failure, string webhook, string tenant, TimeSpan pause);
    }
}

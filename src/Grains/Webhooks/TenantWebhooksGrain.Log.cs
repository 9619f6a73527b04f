using Microsoft.Extensions.Logging;

namespace Capacitor.Grains.Webhooks;

internal sealed partial class TenantWebhooksGrain
{
    private static partial class Log
    {
        [LoggerMessage(2030, LogLevel.Information, "Webhook {Webhook} registered for tenant {Tenant}")]
        public static partial void Created(ILogger logger, string webhook, string tenant);

        [LoggerMessage(2031, LogLevel.Information, "Webhook {Webhook} of tenant {Tenant} changed")]
        public static partial void Changed(ILogger logger, string webhook, string tenant);

        [LoggerMessage(2032, LogLevel.Information, "Webhook {Webhook} of tenant {Tenant} removed")]
        public static partial void Removed(ILogger logger, string webhook, string tenant);

        [LoggerMessage(2033, LogLevel.Warning, "The event stream of tenant {Tenant} failed")]
        public static partial void StreamFailed(ILogger logger, Exception failure, string tenant);

        [LoggerMessage(2034, LogLevel.Warning, "The webhooks of tenant {Tenant} could not be woken; next try in {Pause}")]
        public static partial void NotWoken(ILogger logger, Exception failure, string tenant, TimeSpan pause);

        [LoggerMessage(2035, LogLevel.Information, "Webhook {Webhook} of tenant {Tenant} has a new secret")]
        public static partial void Rotated(ILogger logger, string webhook, string tenant);

        [LoggerMessage(2036, LogLevel.Information, "Webhook {Webhook} of tenant {Tenant} is switched off: {Reason}")]
        public static partial void Disabled(ILogger logger, string webhook, string tenant, string reason);
    }
}

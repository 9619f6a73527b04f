using Capacitor.Tenants;
using Microsoft.Extensions.Logging;

namespace Capacitor.Grains.Tenants;

internal sealed partial class TenantGrain
{
    private static partial class Log
    {
        [LoggerMessage(3001, LogLevel.Information, "Tenant {Tenant} made, tier {Tier}")]
        public static partial void Created(ILogger logger, TenantId tenant, Tier tier);

        [LoggerMessage(3002, LogLevel.Information, "Tenant {Tenant} changed: tier {Tier}, suspended {Suspended}")]
        public static partial void Changed(ILogger logger, TenantId tenant, Tier tier, bool suspended);

        [LoggerMessage(3003, LogLevel.Information, "Tenant {Tenant} removed")]
        public static partial void Removed(ILogger logger, TenantId tenant);

        [LoggerMessage(3004, LogLevel.Information, "API key {Key} made for tenant {Tenant}")]
        public static partial void KeyMade(ILogger logger, string key, TenantId tenant);

        [LoggerMessage(3005, LogLevel.Information, "API key {Key} of tenant {Tenant} revoked")]
        public static partial void KeyRevoked(ILogger logger, string key, TenantId tenant);

        [LoggerMessage(3006, LogLevel.Information, "Certificate authority {Fingerprint} added to tenant {Tenant}")]
        public static partial void AuthorityAdded(ILogger logger, string fingerprint, TenantId tenant);

        [LoggerMessage(3007, LogLevel.Information, "Certificate authority {Fingerprint} removed from tenant {Tenant}")]
        public static partial void AuthorityRemoved(ILogger logger, string fingerprint, TenantId tenant);

        [LoggerMessage(3008, LogLevel.Warning, "The count of API calls of tenant {Tenant} is not stored; calls go on, and the store is tried again")]
        public static partial void CallsNotStored(ILogger logger, Exception failure, TenantId tenant);
    }
}

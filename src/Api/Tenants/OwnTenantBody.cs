using Capacitor.Api.IdTags;
using Capacitor.Api.Security;
using Capacitor.Tenants;

namespace Capacitor.Api.Tenants;

/// <summary>A tenant as it sees itself. A limit that is null does not exist.</summary>
internal sealed record OwnTenantBody(
    string Id, string Name, string Tier, bool Suspended, DateTimeOffset CreatedAt, string UnknownIdTagPolicy, TenantLimitsBody Limits, TenantUsageBody Usage)
{
    public static OwnTenantBody Of(TenantUsage usage) => new(
        usage.Tenant.Id.Value, usage.Tenant.Name, TierName.Of(usage.Tenant.Tier), usage.Tenant.Suspended, usage.Tenant.CreatedAt,
        UnknownIdTagWord.Of(usage.Tenant.UnknownIdTagPolicy),
        new(
            usage.MostChargers, usage.MostCallsPerDay, usage.MostWebhooks, usage.MostKeys, usage.MostIdTags, usage.CallsPerSecond, usage.CallsAtOnce,
            usage.DeliveryLogDays, usage.MessageLogDays),
        new(usage.Chargers, usage.CallsToday, usage.Webhooks, usage.Keys, usage.IdTags, usage.ResetsAt));
}

internal sealed record TenantLimitsBody(
    int? Chargers, int? ApiCallsPerDay, int Webhooks, int ApiKeys, int? IdTags, double? CallsPerSecond, int? CallsAtOnce, int DeliveryLogDays, int MessageLogDays);

internal sealed record TenantUsageBody(int Chargers, int ApiCallsToday, int Webhooks, int ApiKeys, int IdTags, DateTimeOffset ResetsAt);

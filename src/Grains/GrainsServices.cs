using Capacitor.Grains.Chargers;
using Capacitor.Grains.Idempotency;
using Capacitor.Grains.IdTags;
using Capacitor.Grains.Messages;
using Capacitor.Grains.Tenants;
using Capacitor.Grains.Transactions;
using Capacitor.Grains.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Capacitor.Grains;

/// <summary>The grains' one door.</summary>
public static class GrainsServices
{
    /// <summary>Registers what the grains need; the silo adds the journal they are stored in.</summary>
    public static IServiceCollection AddCapacitorGrains(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services.AddTenants().AddTransactions().AddWebhooks().AddIdTags().AddChargers().AddIdempotency().AddMessages();
    }
}

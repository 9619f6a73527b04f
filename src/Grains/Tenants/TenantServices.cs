using Microsoft.Extensions.DependencyInjection;

namespace Capacitor.Grains.Tenants;

internal static class TenantServices
{
    public static IServiceCollection AddTenants(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<TierOptions, TierOptionsValidator>().BindConfiguration(TierOptions.Section);
        return services;
    }
}

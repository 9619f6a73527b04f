using Capacitor.Grains.Chargers.Ocpp16;
using Microsoft.Extensions.DependencyInjection;

namespace Capacitor.Grains.Chargers;

internal static class ChargerServices
{
    /// <summary>What charger grains need.</summary>
    public static IServiceCollection AddChargers(this IServiceCollection services) => services
        .AddChargerOptions()
        .AddSingleton<ChargerQuirks>()
        .AddSingleton<ChargerMetrics>()
        .AddSingleton<ChargerRows>()
        .AddSingleton<Ocpp16CommandEnds>()
        .AddSingleton<Ocpp16Transactions>()
        .AddSingleton<Ocpp16Calls>();

    private static IServiceCollection AddChargerOptions(this IServiceCollection services)
    {
        services.AddOptions<ChargerOptions>().BindConfiguration(ChargerOptions.Section);
        return services;
    }
}

using Capacitor.Grains.Chargers.Ocpp16;
using Microsoft.Extensions.DependencyInjection;

namespace Capacitor.Grains.Chargers;

internal static class ChargerServices
{
    /// <summary>What charger grains need.</summary>
    public static IServiceCollection AddChargers(this IServiceCollection services) => services
        .AddSingleton<ChargerMetrics>()
        .AddSingleton<Ocpp16Transactions>()
        .AddSingleton<Ocpp16Calls>();
}

using Microsoft.Extensions.DependencyInjection;

namespace Capacitor.Grains.Transactions;

internal static class TransactionServices
{
    public static IServiceCollection AddTransactions(this IServiceCollection services) =>
        services.AddSingleton(provider => new TransactionIdAllocator(provider.GetRequiredService<IGrainFactory>()));
}

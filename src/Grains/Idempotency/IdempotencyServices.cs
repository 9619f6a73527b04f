using Capacitor.Grains.Secrets;
using Microsoft.Extensions.DependencyInjection;

namespace Capacitor.Grains.Idempotency;

internal static class IdempotencyServices
{
    public static IServiceCollection AddIdempotency(this IServiceCollection services) => services.AddSecrets();
}

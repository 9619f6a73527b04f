using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Capacitor.Grains.Secrets;

/// <summary>The door of what keeps secrets.</summary>
internal static class SecretServices
{
    public static IServiceCollection AddSecrets(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<SecretOptions, SecretOptionsValidator>().BindConfiguration(SecretOptions.Section);
        services.TryAddSingleton<SecretKeyring>();
        services.TryAddSingleton<SecretBox>();
        services.TryAddSingleton<OlderSilos>();
        return services;
    }
}

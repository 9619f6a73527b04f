using Capacitor.Grains.Secrets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Capacitor.Grains.Webhooks;

/// <summary>The door of the webhook feature.</summary>
public static class WebhookServices
{
    /// <summary>Registers what the webhook grains need. The journal must be there too.</summary>
    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptionsWithValidateOnStart<WebhookOptions, WebhookOptionsValidator>()
            .BindConfiguration(WebhookOptions.Section)
            .PostConfigure<IServiceProvider>((options, provider) =>
                options.AllowPrivateNetworks ??= provider.GetService<IHostEnvironment>()?.IsDevelopment() ?? false);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WebhookOptions>, WebhookNetworks>());
        services.AddSecrets();
        services.TryAddSingleton<RegistrationSeal>();
        services.TryAddSingleton<Registrations>();
        services.TryAddSingleton<SettingsSeal>();
        services.TryAddSingleton<AddressGuard>();
        services.TryAddSingleton<WebhookMetrics>();
        services.TryAddSingleton<WebhookRules>();
        services.TryAddSingleton<WebhookSender>();
        services.TryAddSingleton<SendSlots>();
        services.TryAddSingleton<StartLine>();
        services.TryAddSingleton<DeliveryLog>();
        services.TryAddSingleton<DeliveryPumps>();
        return services;
    }
}

namespace Capacitor.Api.Events;

/// <summary>What reading events needs.</summary>
internal static class EventServices
{
    public static IServiceCollection AddEvents(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<EventOptions, EventOptionsValidator>().BindConfiguration(EventOptions.Section);
        services.AddMetrics();
        services.AddSingleton<OpenStreams>();
        services.AddSingleton<EventFeed>();
        return services;
    }
}

namespace Capacitor.Api.Messages;

/// <summary>The message log at the edge.</summary>
internal static class MessageServices
{
    public static IServiceCollection AddMessages(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<MessageLogOptions, MessageLogOptionsValidator>().BindConfiguration(MessageLogOptions.Section);
        services.AddSingleton<MessageLogMetrics>();
        services.AddSingleton<MessageLog>();
        services.AddHostedService<MessageShipper>();
        return services;
    }
}

using Microsoft.Extensions.DependencyInjection;

namespace Capacitor.Grains.Messages;

internal static class MessageServices
{
    /// <summary>What the message log's grain needs besides its store.</summary>
    public static IServiceCollection AddMessages(this IServiceCollection services) => services.AddSingleton<MessageRetention>();
}

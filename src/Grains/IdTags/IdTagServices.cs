using Microsoft.Extensions.DependencyInjection;

namespace Capacitor.Grains.IdTags;

internal static class IdTagServices
{
    public static IServiceCollection AddIdTags(this IServiceCollection services) => services.AddSingleton<IdTagJudge>();
}

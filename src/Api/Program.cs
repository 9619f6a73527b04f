using Capacitor.Api.Startup;

namespace Capacitor.Api;

/// <summary>Capacitor on one machine: chargers and HTTP in front, a silo of its own behind.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => Launch.RunAsync(args);

    /// <summary>The whole application, not yet started; <paramref name="configure"/> has the last word.</summary>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddDefaults();
        builder.AddCapacitorApi();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseCapacitorErrors();
        app.MapCapacitorApi();
        return app;
    }
}

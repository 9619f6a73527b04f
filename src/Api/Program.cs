using Capacitor.Api.Ocpp;
using Capacitor.Silo;

namespace Capacitor.Api;

/// <summary>Capacitor on one machine: chargers and HTTP in front, a silo of its own behind.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (await HealthProbe.TryRunAsync(args) is { } health)
        {
            return health;
        }

        var app = Build(args);
        app.Lifetime.ApplicationStarted.Register(() => Greeting.Print(app));
        return await app.RunCapacitorAsync();
    }

    /// <summary>The whole application, not yet started; <paramref name="configure"/> has the last word.</summary>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = CapacitorHost.CreateBuilder(args);
        builder.AddCapacitorSilo();
        builder.AddCapacitorApi();
        builder.Services.AddOcpp();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.MapOcpp(); // first: what stands before it stays in memory as long as a charger is connected
        app.UseCapacitorErrors();
        app.MapCapacitorApi();
        app.MapCapacitorHealth();
        app.MapCapacitorDashboard();
        return app;
    }
}

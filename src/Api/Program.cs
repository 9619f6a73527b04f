using Capacitor.Api.Ocpp;
using Capacitor.Silo;

namespace Capacitor.Api;

/// <summary>The front: chargers and HTTP. Behind it a silo of its own, or those of a cluster.</summary>
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

    private static void AddCapacitorBackend(this WebApplicationBuilder builder)
    {
        if (Deployment.HostsSilo(builder.Configuration))
        {
            builder.AddCapacitorSilo();
        }
        else
        {
            builder.AddCapacitorClient();
        }
    }

    /// <summary>The whole application, not yet started; <paramref name="configure"/> has the last word.</summary>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = CapacitorHost.CreateBuilder(args);
        builder.AddCapacitorBackend();
        builder.AddCapacitorApi();
        builder.Services.AddOcpp();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.MapOcpp(); // first: what stands before it stays in memory as long as a charger is connected
        app.UseCapacitorErrors();
        app.MapCapacitorApi();
        app.MapCapacitorHealth();
        if (Deployment.HostsSilo(app.Configuration))
        {
            app.MapCapacitorDashboard();
        }

        return app;
    }
}

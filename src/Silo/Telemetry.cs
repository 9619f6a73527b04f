using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Capacitor.Silo;

/// <summary>Metrics for Prometheus.</summary>
public static class Telemetry
{
    /// <summary>
    /// Collects our own meter and the runtime's. Kestrel's and Orleans' are left out: the first costs memory per idle connection, the second time per call.
    /// </summary>
    public static IHostApplicationBuilder AddCapacitorTelemetry(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("capacitor", serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString(3)))
            .WithMetrics(metrics => metrics.AddMeter("Capacitor", "System.Runtime").AddPrometheusExporter());
        return builder;
    }
}

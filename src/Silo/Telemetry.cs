using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Orleans.Diagnostics;

namespace Capacitor.Silo;

/// <summary>
/// Metrics for Prometheus; traces and metrics by OTLP where the standard variables of OpenTelemetry (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c> and its kin) name an
/// endpoint. Without one no span is ever made.
/// </summary>
public static class Telemetry
{
    /// <summary>
    /// Collects our own meter and the runtime's. Kestrel's and Orleans' are left out: the first costs memory per idle connection, the second time per call.
    /// </summary>
    public static IHostApplicationBuilder AddCapacitorTelemetry(this IHostApplicationBuilder builder)
    {
        var service = builder.Environment.ApplicationName.EndsWith("Silo", StringComparison.Ordinal) ? "capacitor-silo" : "capacitor-api";
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .AddService(service, serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString(3))
                .AddEnvironmentVariableDetector()) // last, so that OTEL_SERVICE_NAME wins
            .WithMetrics(metrics =>
            {
                metrics.AddMeter("Capacitor", "System.Runtime").AddPrometheusExporter();
                if (IsExported(builder.Configuration, "METRICS"))
                {
                    metrics.AddOtlpExporter();
                }
            });
        if (IsTraced(builder.Configuration))
        {
            telemetry.WithTracing(traces => traces.AddSource(Tracing.SourceName, ActivitySources.ApplicationGrainActivitySourceName).AddOtlpExporter());
        }

        return builder;
    }

    /// <summary>Lets traces pass from caller to grain. Only when they are exported: it is work for every call.</summary>
    public static ISiloBuilder AddCapacitorTracing(this ISiloBuilder silo) => IsTraced(silo.Configuration) ? silo.AddActivityPropagation() : silo;

    /// <inheritdoc cref="AddCapacitorTracing(ISiloBuilder)"/>
    public static IClientBuilder AddCapacitorTracing(this IClientBuilder client) => IsTraced(client.Configuration) ? client.AddActivityPropagation() : client;

    private static bool IsTraced(IConfiguration configuration) => IsExported(configuration, "TRACES");

    private static bool IsExported(IConfiguration configuration, string signal) =>
        (IsGiven(configuration, "OTEL_EXPORTER_OTLP_ENDPOINT") || IsGiven(configuration, $"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"))
        && !Is(configuration, "OTEL_SDK_DISABLED", "true") && !Is(configuration, $"OTEL_{signal}_EXPORTER", "none");

    private static bool IsGiven(IConfiguration configuration, string key) => !string.IsNullOrWhiteSpace(configuration[key]);

    private static bool Is(IConfiguration configuration, string key, string value) => string.Equals(configuration[key]?.Trim(), value, StringComparison.OrdinalIgnoreCase);
}

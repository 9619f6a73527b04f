using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Capacitor.Silo;

/// <summary>What watches the process: health and metrics.</summary>
public static class Health
{
    /// <summary>Maps <c>/health/live</c>, <c>/health/ready</c> and <c>/metrics</c>.</summary>
    public static IEndpointRouteBuilder MapCapacitorHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => Status("alive", StatusCodes.Status200OK));
        routes.MapGet("/health/ready", Ready);
        routes.MapPrometheusScrapingEndpoint("/metrics");
        return routes;
    }

    private static ContentHttpResult Ready(Readiness readiness) =>
        readiness.IsReady ? Status("ready", StatusCodes.Status200OK) : Status(readiness.Status, StatusCodes.Status503ServiceUnavailable);

    private static ContentHttpResult Status(string status, int code) => TypedResults.Text($$"""{"status":"{{status}}"}""", "application/json", statusCode: code);
}

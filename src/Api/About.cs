using System.Reflection;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capacitor.Api;

/// <summary>What answers at the root: where to look.</summary>
internal sealed record AboutBody(string Name, string Version, string Api, string Ocpp, string Health, string Docs);

internal static class AboutEndpoint
{
    private static readonly string Version =
        typeof(AboutEndpoint).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    public static void MapAbout(this IEndpointRouteBuilder routes) => routes.MapGet("/", About);

    private static Ok<AboutBody> About(HttpRequest request) => TypedResults.Ok(new AboutBody(
        "Capacitor",
        Version,
        $"{request.Scheme}://{request.Host.ToUriComponent()}/api/v1",
        $"{(request.IsHttps ? "wss" : "ws")}://{request.Host.ToUriComponent()}/ocpp/{{chargeBoxId}}",
        "/health/ready",
        "docs/api.md of the source"));
}

using System.Net;
using System.Reflection;
using Capacitor.Api.Docs;
using Microsoft.Net.Http.Headers;

namespace Capacitor.Api;

/// <summary>What answers at the root: where to look.</summary>
internal sealed record AboutBody(string Name, string Version, string Api, string Ocpp, string Health, string Docs, string OpenApi)
{
    private static readonly string OurVersion =
        typeof(AboutBody).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    public static AboutBody Of(HttpRequest request) => new(
        "Capacitor",
        OurVersion,
        $"{request.Scheme}://{request.Host.ToUriComponent()}/api/v1",
        $"{(request.IsHttps ? "wss" : "ws")}://{request.Host.ToUriComponent()}/ocpp/{{chargeBoxId}}",
        "/health/ready",
        DocsServices.PagePath,
        DocsServices.DocumentPath);
}

/// <summary>The root: JSON for programs, and a page for whoever comes with a browser.</summary>
internal static class AboutEndpoint
{
    public static void MapAbout(this IEndpointRouteBuilder routes) => routes.MapGet("/", About);

    private static IResult About(HttpRequest request, HttpResponse response)
    {
        var about = AboutBody.Of(request);
        response.Headers.Vary = HeaderNames.Accept;
        return PrefersHtml(request) ? Results.Content(Page(about), "text/html; charset=utf-8") : TypedResults.Ok(about);
    }

    // Programs say */* or nothing at all; only a browser names HTML.
    private static bool PrefersHtml(HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase) && type.Quality is null or > 0);

    private static string Page(AboutBody about) => $$"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Capacitor</title>
        <style>
        :root { color-scheme: light dark }
        body { font: 16px/1.6 system-ui, sans-serif; max-width: 44rem; margin: 4rem auto; padding: 0 1.5rem }
        h1 { margin: 0; font-size: 1.75rem } dt { font-weight: 600; margin-top: .75rem } dd { margin: 0 }
        code, pre { font: .875rem/1.6 ui-monospace, monospace } pre { background: #8881; padding: 1rem; border-radius: .5rem; overflow-x: auto }
        </style>
        </head>
        <body>
        <h1>Capacitor {{Text(about.Version)}}</h1>
        <p>Chargers connect here over OCPP; every event goes to webhooks as a signed POST, in order.</p>
        <dl>
        <dt>API reference, to read and to try</dt><dd><a href="{{about.Docs}}">{{about.Docs}}</a> (<a href="{{about.OpenApi}}">OpenAPI</a>)</dd>
        <dt>API</dt><dd><code>{{Text(about.Api)}}</code></dd>
        <dt>Chargers connect to</dt><dd><code>{{Text(about.Ocpp)}}</code></dd>
        <dt>Health</dt><dd><a href="{{about.Health}}">{{about.Health}}</a></dd>
        </dl>
        <p>Register a charger:</p>
        <pre>curl {{Text(about.Api)}}/chargers -H "X-API-Key: $KEY" \
          -H "content-type: application/json" -d '{"chargeBoxId":"CHARGER-001"}'</pre>
        <p>Have its events posted to you:</p>
        <pre>curl {{Text(about.Api)}}/webhooks -H "X-API-Key: $KEY" \
          -H "content-type: application/json" \
          -d '{"url":"https://myapp.com/webhooks/capacitor","events":["*"]}'</pre>
        </body>
        </html>
        """;

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}

using System.Diagnostics;

namespace Capacitor.Api;

/// <summary>
/// One span per HTTP request, continuing the caller's trace. Ours, because the framework's would be made for a charger's socket, too, and end when that does.
/// </summary>
internal sealed class RequestTrace(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context) => Tracing.IsOn && context.Request.Path.StartsWithSegments("/api") ? TraceAsync(context) : next(context);

    private async Task TraceAsync(HttpContext context)
    {
        var request = context.Request;
        using var span = Tracing.StartBelow(request.Headers.TraceParent, request.Headers.TraceState, "http", ActivityKind.Server);
        await next(context);
        if (span is not null)
        {
            var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "other";
            span.DisplayName = $"{request.Method} {route}";
            span.SetTag("http.request.method", request.Method).SetTag("http.route", route).SetTag("http.response.status_code", context.Response.StatusCode);
            if (context.Response.StatusCode >= 500)
            {
                span.SetStatus(ActivityStatusCode.Error);
            }
        }
    }
}

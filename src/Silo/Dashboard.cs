using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Orleans.Dashboard;

namespace Capacitor.Silo;

/// <summary>
/// Orleans' dashboard at <c>/dashboard</c>, for whoever has the operator's key. Opt-in with <c>Capacitor:Dashboard=true</c>, and never without
/// <c>Capacitor:AdminKey</c>: it puts a filter in front of every grain call.
/// </summary>
public static class Dashboard
{
    private const string Prefix = "/dashboard";
    private const string KeyHeader = "X-Admin-Key";

    /// <summary>Collects what the dashboard shows. On every silo of a cluster, or what it shows is a part.</summary>
    public static ISiloBuilder AddCapacitorDashboard(this ISiloBuilder silo, IConfiguration configuration) =>
        KeyOf(configuration) is null ? silo : silo.AddDashboard(options => options.HideTrace = true); // log lines are not for a browser

    /// <summary>Shows it to whoever presents the key: as <c>X-Admin-Key</c>, as a bearer token, or as the password of any user.</summary>
    public static WebApplication MapCapacitorDashboard(this WebApplication app)
    {
        if (KeyOf(app.Configuration) is { } key)
        {
            var expected = Hash(key);
            app.MapOrleansDashboard(Prefix).AddEndpointFilter(async (call, next) => IsKnown(call.HttpContext.Request, expected) ? await next(call) : new Challenge());
        }

        return app;
    }

    private static string? KeyOf(IConfiguration configuration) =>
        configuration["Capacitor:AdminKey"] is { } key && !string.IsNullOrWhiteSpace(key)
        && string.Equals(configuration["Capacitor:Dashboard"], "true", StringComparison.OrdinalIgnoreCase)
            ? key
            : null;

    private static bool IsKnown(HttpRequest request, byte[] expected) => CryptographicOperations.FixedTimeEquals(Hash(Presented(request)), expected);

    private static string Presented(HttpRequest request)
    {
        if (request.Headers[KeyHeader].ToString() is { Length: > 0 } key)
        {
            return key;
        }

        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var given) || given.Parameter is not { } parameter)
        {
            return "";
        }

        return given.Scheme.ToUpperInvariant() switch
        {
            "BEARER" => parameter,
            "BASIC" => Password(parameter),
            _ => "",
        };
    }

    private static string Password(string parameter)
    {
        var bytes = new byte[parameter.Length];
        if (!Convert.TryFromBase64String(parameter, bytes, out var length))
        {
            return "";
        }

        var pair = Encoding.UTF8.GetString(bytes, 0, length);
        return pair[(pair.IndexOf(':', StringComparison.Ordinal) + 1)..];
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key)); // equal lengths, whatever is presented

    private sealed class Challenge : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status401Unauthorized;
            httpContext.Response.Headers.WWWAuthenticate = "Basic realm=\"capacitor\", charset=\"UTF-8\"";
            return Task.CompletedTask;
        }
    }
}

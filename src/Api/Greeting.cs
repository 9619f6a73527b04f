using Capacitor.Silo;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Capacitor.Api;

/// <summary>What a person needs to know when the server is up; a log line among others where machines read the output.</summary>
internal static partial class Greeting
{
    public static void Print(WebApplication app)
    {
        var isLogged = LogFormat.IsJson(app.Configuration);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        foreach (var address in addresses)
        {
            var socket = address.Replace("http", "ws", StringComparison.Ordinal);
            var text = $"Capacitor is ready: API at {address}/api/v1, chargers connect to {socket}/ocpp/{{chargeBoxId}}, health at {address}/health/ready";
            if (isLogged)
            {
                Ready(app.Logger, text);
            }
            else
            {
                Console.WriteLine(text);
            }
        }
    }

    [LoggerMessage(6010, LogLevel.Information, "{Text}")]
    private static partial void Ready(ILogger logger, string text);
}

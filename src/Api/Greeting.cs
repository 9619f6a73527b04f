using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Capacitor.Api;

/// <summary>What a person needs to know when the server is up.</summary>
internal static class Greeting
{
    public static void Print(WebApplication app)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        foreach (var address in addresses)
        {
            var socket = address.Replace("http", "ws", StringComparison.Ordinal);
            Console.WriteLine($"Capacitor is ready: API at {address}/api/v1, chargers connect to {socket}/ocpp/{{chargeBoxId}}, health at {address}/health/ready");
        }
    }
}

using Capacitor.Chargers;

namespace Capacitor.Api.Chargers;

/// <summary>Where a charger connects: the host that the caller reached, with the scheme of a WebSocket.</summary>
internal static class ConnectionUrl
{
    public static string Of(HttpRequest request, ChargeBoxId charger) =>
        $"{(request.IsHttps ? "wss" : "ws")}://{request.Host.ToUriComponent()}{request.PathBase.ToUriComponent()}/ocpp/{Uri.EscapeDataString(charger.Value)}";
}

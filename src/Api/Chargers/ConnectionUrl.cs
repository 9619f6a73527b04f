using Capacitor.Chargers;

namespace Capacitor.Api.Chargers;

/// <summary>Where a charger connects: the host that the caller reached, with the scheme that the charger's security profile asks for, else with the caller's own.</summary>
internal static class ConnectionUrl
{
    public static string Of(HttpRequest request, Charger charger) =>
        $"{Scheme(request, charger)}://{request.Host.ToUriComponent()}{request.PathBase.ToUriComponent()}/ocpp/{Uri.EscapeDataString(charger.ChargeBoxId.Value)}";

    private static string Scheme(HttpRequest request, Charger charger) => charger.SecurityProfile switch
    {
        SecurityProfile.TlsBasic or SecurityProfile.MutualTls => Uri.UriSchemeWss,
        SecurityProfile.Unsecured or SecurityProfile.Basic => Uri.UriSchemeWs,
        _ => request.IsHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs,
    };
}

using System.Net;

namespace Capacitor.Api.Security;

/// <summary>Whom to believe about the connection behind a connection.</summary>
internal sealed class ProxyOptions
{
    /// <summary>The key of <see cref="TrustedProxies"/>.</summary>
    public const string TrustedProxiesKey = "Capacitor:TrustedProxies";

    /// <summary>The key of <see cref="ClientCertificateHeader"/>.</summary>
    public const string ClientCertificateHeaderKey = "Capacitor:ClientCertificateHeader";

    /// <summary>Networks and addresses whose word about the scheme and the client's certificate is taken. Default: none, loopback neither.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; set; } = [];

    /// <summary>The one header in which a trusted proxy hands on the charger's certificate. Default: RFC 9440's.</summary>
    public string ClientCertificateHeader { get; set; } = "Client-Cert";
}

using System.Net;
using Microsoft.Extensions.Options;

namespace Capacitor.Api.Security;

/// <summary>Reads <see cref="ProxyOptions"/>: networks as a list of the configuration or as one text, separated by commas or spaces.</summary>
internal sealed class ProxySettings(IConfiguration configuration) : IConfigureOptions<ProxyOptions>, IValidateOptions<ProxyOptions>
{
    private const string BelieveAnybodyKey = "ForwardedHeaders_Enabled"; // ASPNETCORE_FORWARDEDHEADERS_ENABLED, as the configuration has it

    public void Configure(ProxyOptions options)
    {
        options.TrustedProxies = [.. Networks().Select(Parse).OfType<IPNetwork>()];
        if (configuration[ProxyOptions.ClientCertificateHeaderKey]?.Trim() is { Length: > 0 } header)
        {
            options.ClientCertificateHeader = header;
        }
    }

    public ValidateOptionsResult Validate(string? name, ProxyOptions options)
    {
        List<string> faults = [.. Networks().Where(text => Parse(text) is null).Select(text =>
            $"{ProxyOptions.TrustedProxiesKey} has '{text}'. Use networks and addresses such as 10.0.0.0/8, 192.168.1.5 or fd00::/8.")];
        if (!options.ClientCertificateHeader.All(character => char.IsAsciiLetterOrDigit(character) || character == '-'))
        {
            faults.Add($"{ProxyOptions.ClientCertificateHeaderKey} is no header's name. Use Client-Cert, or the one that the proxy sets.");
        }

        if (bool.TryParse(configuration[BelieveAnybodyKey], out var believesAnybody) && believesAnybody)
        {
            faults.Add($"ASPNETCORE_FORWARDEDHEADERS_ENABLED would believe anybody's forwarded headers. Remove it, and name the proxies in {ProxyOptions.TrustedProxiesKey}.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IPNetwork? Parse(string text)
    {
        if (IPNetwork.TryParse(text, out var network))
        {
            return network;
        }

        return IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8) : null;
    }

    private IEnumerable<string> Networks()
    {
        var section = configuration.GetSection(ProxyOptions.TrustedProxiesKey);
        return section.GetChildren().Select(child => child.Value).Append(section.Value).OfType<string>()
            .SelectMany(text => text.Split([',', ' '], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }
}

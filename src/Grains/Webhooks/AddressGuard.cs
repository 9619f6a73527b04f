using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Capacitor.Grains.Webhooks;

/// <summary>Refuses addresses that webhooks may not reach: at registration for a good error, and at every connect, because names change.</summary>
internal sealed class AddressGuard(IOptions<WebhookOptions> options)
{
    private static readonly TimeSpan ResolveAtRegistration = TimeSpan.FromSeconds(2);

    private readonly bool _allowsAll = options.Value.AllowPrivateNetworks ?? false;

    /// <summary>How a name becomes addresses; a test puts its own names here.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>An address of the host that is forbidden, or null. A name that does not resolve now is accepted: every connect looks again.</summary>
    public async Task<IPAddress?> FindForbiddenAsync(string host)
    {
        if (_allowsAll)
        {
            return null;
        }

        if (IPAddress.TryParse(host, out var literal))
        {
            return ForbiddenAddresses.Contains(literal) ? literal : null;
        }

        using var patience = new CancellationTokenSource(ResolveAtRegistration);
        try
        {
            return Array.Find(await Resolve(host, patience.Token), ForbiddenAddresses.Contains);
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Resolves once, refuses when any answer is forbidden, and connects to what it has looked at.</summary>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint endpoint, CancellationToken cancellation)
    {
        IPAddress[] addresses = IPAddress.TryParse(endpoint.Host, out var literal) ? [literal] : await Resolve(endpoint.Host, cancellation);
        if (addresses.Length == 0)
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        if (!_allowsAll && Array.Find(addresses, ForbiddenAddresses.Contains) is { } forbidden)
        {
            throw new ForbiddenAddressException(endpoint.Host, forbidden);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, endpoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>A host leads to an address that webhooks may not reach.</summary>
internal sealed class ForbiddenAddressException(string host, IPAddress address) : IOException($"{host} leads to {address}, which is not a public address.");

using System.Net;
using System.Net.Sockets;
using DnsClient;

namespace Capacitor.Grains.Webhooks;

/// <summary>Asks configured DNS servers for the addresses of names, IPv4 first. Answers are kept as long as their TTL says, and no longer than a connection.</summary>
internal sealed class NameLookup(IReadOnlyList<IPEndPoint> servers)
{
    // Less than half of what an attempt has by default, so that a second server can still be asked.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly LookupClient _client = new(new LookupClientOptions([.. servers])
    {
        MaximumCacheTimeout = WebhookHandler.ConnectionLifetime,
        Timeout = Patience,
        Retries = servers.Count > 1 ? 0 : 1, // rather another server than the same again
        ContinueOnEmptyResponse = false, // a name without IPv6 is nothing to ask another server about
    });

    /// <summary>A lookup with the servers of the options; with none, the system's resolver.</summary>
    public static Func<string, CancellationToken, Task<IPAddress[]>> Create(WebhookOptions options) => options.DnsServers.Count == 0
        ? Dns.GetHostAddressesAsync
        : new NameLookup([.. options.DnsServers.Select(text =>
            WebhookNetworks.TryReadServer(text, out var server) ? server : throw new FormatException($"'{text}' is no DNS server."))]).FindAsync;

    /// <summary>All addresses of a host. Throws <see cref="SocketException"/> when there are none.</summary>
    public async Task<IPAddress[]> FindAsync(string host, CancellationToken cancellation)
    {
        var answers = await Task.WhenAll(AskAsync(host, QueryType.A, cancellation), AskAsync(host, QueryType.AAAA, cancellation));
        var addresses = answers.SelectMany(answer => answer.Response?.Answers.AddressRecords() ?? []).Select(record => record.Address).ToArray();
        if (addresses.Length > 0)
        {
            return addresses;
        }

        var isUnknown = Array.Exists(answers, answer => answer.Response?.Header.ResponseCode == DnsHeaderResponseCode.NotExistentDomain);
        var isEmpty = Array.TrueForAll(answers, answer => answer.Response is { HasError: false });
        throw new SocketException((int)(isUnknown ? SocketError.HostNotFound : isEmpty ? SocketError.NoData : SocketError.TryAgain));
    }

    // One of the two may fail: what the other says is enough, since nothing else will be connected to.
    private async Task<(IDnsQueryResponse? Response, Exception? Failure)> AskAsync(string host, QueryType type, CancellationToken cancellation)
    {
        try
        {
            return (await _client.QueryAsync(host, type, QueryClass.IN, cancellation), null);
        }
        catch (Exception failure) when (failure is DnsResponseException or DnsResponseParseException or DnsXidMismatchException && !cancellation.IsCancellationRequested)
        {
            return (null, failure);
        }
    }
}

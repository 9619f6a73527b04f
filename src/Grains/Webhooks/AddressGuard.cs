using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Capacitor.Grains.Webhooks;

/// <summary>Refuses addresses that webhooks may not reach: at registration for a good error, and at every connect, because names change.</summary>
internal sealed class AddressGuard
{
    /// <summary>As many addresses of a name are tried.</summary>
    public const int MostTried = 4;

    private static readonly TimeSpan ResolveAtRegistration = TimeSpan.FromSeconds(2);

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    private readonly TimeProvider _time;
    private readonly TimeSpan _connectTimeout;
    private readonly AddressRules _rules;

    public AddressGuard(IOptions<WebhookOptions> options, TimeProvider? time = null, OwnAddresses? own = null)
    {
        _time = time ?? TimeProvider.System;
        _connectTimeout = options.Value.Timeout;
        _rules = new AddressRules(options.Value, own ?? new OwnAddresses(_time));
        Resolve = NameLookup.Create(options.Value);
    }

    /// <summary>How a name becomes addresses; a test puts its own names here.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; }

    /// <summary>An address of the host that is forbidden, or null. A name that does not resolve now is accepted: every connect looks again.</summary>
    public async Task<IPAddress?> FindForbiddenAsync(string host)
    {
        if (_rules.AllowAll)
        {
            return null;
        }

        if (TryReadLiteral(host, out var literal))
        {
            return _rules.Refuse(literal) is null ? null : literal;
        }

        using var patience = new CancellationTokenSource(ResolveAtRegistration);
        try
        {
            return Array.Find(await Resolve(host, patience.Token), address => _rules.Refuse(address) is not null);
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>
    /// Resolves once, refuses when any answer is forbidden, and connects to what it has looked at. Notes in <paramref name="request"/> how far it came.
    /// Throws <see cref="UnknownNameException"/>, <see cref="ForbiddenAddressException"/> or <see cref="NoConnectionException"/>.
    /// </summary>
    public async ValueTask<WebhookConnection> ConnectAsync(DnsEndPoint endpoint, WebhookRequest request, CancellationToken cancellation)
    {
        var addresses = await FindAsync(endpoint.Host, request, cancellation);
        var forbidden = Array.Find(addresses, address => _rules.Refuse(address) is not null);
        if (forbidden is not null)
        {
            throw new ForbiddenAddressException(TryReadLiteral(endpoint.Host, out _)
                ? $"{endpoint.Host} is not an address that webhooks may reach."
                : $"{endpoint.Host} leads to {forbidden}, which webhooks may not reach.");
        }

        request.Stage = ConnectStage.Connect;
        var tried = Math.Min(addresses.Length, MostTried);
        for (var i = 0; ; i++)
        {
            try
            {
                return await ConnectAsync(new IPEndPoint(addresses[i], endpoint.Port), _connectTimeout / tried, request, cancellation);
            }
            catch (NoConnectionException) when (i < tried - 1)
            {
                // A name may have addresses of a family that this machine cannot reach, or of a machine that is down.
            }
        }
    }

    private async Task<WebhookConnection> ConnectAsync(IPEndPoint endpoint, TimeSpan limit, WebhookRequest request, CancellationToken cancellation)
    {
        request.Tried = endpoint;
        var began = _time.GetTimestamp();
        using var patience = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint, either.Token);
            var connected = _time.GetTimestamp();
            request.Stage = ConnectStage.Secure;
            return request.Opened = new WebhookConnection(socket, endpoint, request.Dns, _time.GetElapsedTime(began, connected), connected);
        }
        catch (Exception failure)
        {
            socket.Dispose();
            if (failure is SocketException refusal)
            {
                throw NoConnection(endpoint, refusal.SocketErrorCode);
            }

            if (patience.IsCancellationRequested && !cancellation.IsCancellationRequested)
            {
                throw NoConnection(endpoint, SocketError.TimedOut);
            }

            throw;
        }
    }

    private async ValueTask<IPAddress[]> FindAsync(string host, WebhookRequest request, CancellationToken cancellation)
    {
        if (TryReadLiteral(host, out var literal))
        {
            return [ForbiddenAddresses.Unmap(literal)];
        }

        request.Stage = ConnectStage.Name;
        var began = _time.GetTimestamp();
        IPAddress[] addresses;
        try
        {
            addresses = await Resolve(host, cancellation);
        }
        catch (Exception failure) when (failure is SocketException or ArgumentException)
        {
            throw UnknownName(host, (failure as SocketException)?.SocketErrorCode ?? SocketError.HostNotFound, failure);
        }

        request.Dns = _time.GetElapsedTime(began);
        return addresses.Length > 0 ? Array.ConvertAll(addresses, ForbiddenAddresses.Unmap) : throw UnknownName(host, SocketError.NoData, null);
    }

    // What ends in a number is an address (WHATWG URL §3.5). One that cannot be read as such is none that anybody means well.
    private static bool TryReadLiteral(string host, out IPAddress literal)
    {
        var text = host.TrimEnd('.');
        literal = IPAddress.None;
        if (IPAddress.TryParse(text, out var address))
        {
            literal = address;
            return true;
        }

        var last = text.AsSpan(text.LastIndexOf('.') + 1);
        return last.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? !last[2..].ContainsAnyExcept(HexDigits)
            : last.Length > 0 && !last.ContainsAnyExceptInRange('0', '9');
    }

    private static UnknownNameException UnknownName(string host, SocketError error, Exception? cause) => new(
        error switch
        {
            SocketError.HostNotFound => $"The name {host} does not exist.",
            SocketError.NoData => $"The name {host} has no address.",
            _ => $"The name {host} could not be looked up.",
        },
        cause);

    private static NoConnectionException NoConnection(IPEndPoint endpoint, SocketError error) => new(
        error switch
        {
            SocketError.ConnectionRefused => $"{endpoint} refused the connection.",
            SocketError.TimedOut => $"{endpoint} did not take the connection in time.",
            SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.NetworkDown => $"There is no way to {endpoint}.",
            _ => string.Create(CultureInfo.InvariantCulture, $"{endpoint} could not be connected to ({error})."),
        },
        error);
}

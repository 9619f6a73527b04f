using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;

namespace Capacitor.Grains.Webhooks;

/// <summary>Connections of one kind: those of all webhooks without TLS settings of their own, or of those with the same.</summary>
internal sealed class WebhookHandler : IDisposable
{
    /// <summary>The longest headers of an answer.</summary>
    public const int MaxHeadersKiB = 64;

    /// <summary>A connection takes no new request after that: the next one looks its name up again.</summary>
    public static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(3);

    // Receivers close idle connections, the common ones after 5 seconds. A request that crosses such a close is lost: we go first.
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(3);

    // A request that runs out of time closes its connection, but not one of HTTP/2, which others share. When it is dead, this finds out.
    private static readonly TimeSpan Ping = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, WebhookConnection> _http2 = new(StringComparer.Ordinal);
    private readonly HttpMessageInvoker _http;
    private readonly TimeProvider _time;
    private readonly IDisposable? _certificates;

    /// <summary>
    /// With <paramref name="tls"/>, for webhooks with those settings only; it is disposed with this. <paramref name="lifetime"/>: <see cref="ConnectionLifetime"/>
    /// unless told otherwise; it runs by the machine's clock.
    /// </summary>
    public WebhookHandler(AddressGuard guard, TimeSpan connectTimeout, TimeProvider time, LoadedTls? tls = null, TimeSpan? lifetime = null)
    {
        (_time, _certificates) = (time, tls);
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectCallback = async (context, cancellation) => await guard.ConnectAsync(context.DnsEndPoint, (WebhookRequest)context.InitialRequestMessage, cancellation),
            ConnectTimeout = connectTimeout,
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = Ping,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            KeepAlivePingTimeout = Ping,
            MaxConnectionsPerServer = int.MaxValue,

            // What we have not read ourselves is not to be read behind our back.
            MaxResponseDrainSize = 0,
            MaxResponseHeadersLength = MaxHeadersKiB,
            PlaintextStreamFilter = Note,
            PooledConnectionIdleTimeout = IdleTimeout,
            PooledConnectionLifetime = lifetime ?? ConnectionLifetime,
            SslOptions = LoadedTls.Options(tls),
            UseCookies = false,
            UseProxy = false,
        });
    }

    /// <summary>Requests under way, of those that are counted.</summary>
    public int Users { get; set; }

    /// <summary>When it was last used, as a timestamp.</summary>
    public long UsedAt { get; set; }

    /// <summary>Sends a request and reads the head of its answer.</summary>
    public Task<HttpResponseMessage> SendAsync(WebhookRequest request, CancellationToken cancellation) => _http.SendAsync(request, cancellation);

    /// <summary>
    /// Finds the connection of a request that did not see it itself: HTTP/2 writes many requests as one stream. It is the newest one to that
    /// endpoint; a second one exists only while the first is full.
    /// </summary>
    public void FindConnection(WebhookRequest request)
    {
        if (request is { Sent: true, Connection: null } && _http2.TryGetValue(request.Target.LoggedUrl, out var connection))
        {
            request.WentOver(connection);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _certificates?.Dispose();
    }

    // A connection is there, its TLS handshake done.
    private ValueTask<Stream> Note(SocketsHttpPlaintextStreamFilterContext context, CancellationToken cancellation)
    {
        var request = (WebhookRequest)context.InitialRequestMessage;
        if (request.Opened is { } connection && context.PlaintextStream is SslStream)
        {
            connection.Tls = _time.GetElapsedTime(connection.ConnectedAt);
            if (context.NegotiatedHttpVersion.Major == HttpVersion.Version20.Major)
            {
                var endpoint = request.Target.LoggedUrl;
                connection.Closed = closed => _http2.TryRemove(KeyValuePair.Create(endpoint, closed));
                _http2[endpoint] = connection;
                request.WentOver(connection); // its times are those of whoever had to wait for it
            }
        }

        return ValueTask.FromResult(context.PlaintextStream);
    }
}

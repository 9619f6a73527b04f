using System.Net;
using System.Net.Sockets;

namespace Capacitor.Grains.Webhooks;

/// <summary>A connection to an endpoint, which knows how it came about and tells the request that is written to it.</summary>
internal sealed class WebhookConnection(Socket socket, IPEndPoint endpoint, TimeSpan? dns, TimeSpan connect, long connectedAt) : NetworkStream(socket, ownsSocket: true)
{
    private int _taken;

    /// <summary>Address and port.</summary>
    public string Address { get; } = endpoint.ToString();

    /// <summary>What looking up the name took; null when it was an address.</summary>
    public TimeSpan? Dns => dns;

    /// <summary>What connecting took.</summary>
    public TimeSpan Connect => connect;

    /// <summary>When it was connected, as a timestamp.</summary>
    public long ConnectedAt => connectedAt;

    /// <summary>What the TLS handshake took; null when there was none.</summary>
    public TimeSpan? Tls { get; set; }

    /// <summary>What to do when it is closed.</summary>
    public Action<WebhookConnection>? Closed { get; set; }

    /// <summary>True for the first caller only.</summary>
    public bool TakeFirst() => Interlocked.Exchange(ref _taken, 1) == 0;

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        PostedBody.Writing?.WentOver(this);
        return base.WriteAsync(buffer, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Closed?.Invoke(this);
        base.Dispose(disposing);
    }
}

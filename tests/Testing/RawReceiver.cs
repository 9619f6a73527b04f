using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Capacitor.Testing;

/// <summary>An endpoint that is no web server: each connection is handled by a script, down to the byte.</summary>
public sealed class RawReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly Func<RawConnection, Task> _script;
    private readonly List<Task> _connections = [];
    private readonly List<RawConnection> _open = [];
    private readonly Lock _gate = new();
    private readonly Task _accepting;

    /// <summary>Starts one on a free port of an address, loopback unless told otherwise. A connection is closed when its script ends.</summary>
    public RawReceiver(Func<RawConnection, Task> script, IPAddress? address = null)
    {
        _script = script;
        _listener = new TcpListener(address ?? IPAddress.Loopback, 0);
        _listener.Start();
        Url = new Uri($"http://{_listener.LocalEndpoint}/");
        _accepting = AcceptAsync();
    }

    /// <summary>Where to post.</summary>
    public Uri Url { get; }

    /// <summary>The same with https.</summary>
    public Uri SecureUrl => new UriBuilder(Url) { Scheme = Uri.UriSchemeHttps }.Uri;

    /// <summary>Connections so far.</summary>
    public int Connections
    {
        get
        {
            lock (_gate)
            {
                return _open.Count;
            }
        }
    }

    /// <summary>Closes every connection.</summary>
    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        _open.ForEach(connection => connection.Close());
        await Task.WhenAll(_connections);
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptSocketAsync();
            }
            catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
            {
                return;
            }

            var connection = new RawConnection(socket);
            lock (_gate)
            {
                _open.Add(connection);
                _connections.Add(RunAsync(connection));
            }
        }
    }

    private async Task RunAsync(RawConnection connection)
    {
        try
        {
            await _script(connection);
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException)
        {
            // The sender closed it, or the test is over.
        }

        connection.Close();
    }
}

/// <summary>One connection of a <see cref="RawReceiver"/>.</summary>
public sealed class RawConnection(Socket socket)
{
    private readonly NetworkStream _stream = new(socket, ownsSocket: true);

    /// <summary>What came and goes, as it is.</summary>
    public Stream Stream => _stream;

    /// <summary>Reads a request to the end of its body, and returns it; null when the sender has closed the connection.</summary>
    public async Task<string?> ReadRequestAsync()
    {
        var text = new StringBuilder();
        var buffer = new byte[8192];
        while (!IsWhole(text.ToString()))
        {
            var read = await _stream.ReadAsync(buffer);
            if (read == 0)
            {
                return null;
            }

            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }

        return text.ToString();
    }

    /// <summary>Writes text, one byte for each character.</summary>
    public async Task WriteAsync(string text) => await _stream.WriteAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Ends when the sender closes the connection.</summary>
    public async Task WaitForCloseAsync()
    {
        var buffer = new byte[8192];
        while (await _stream.ReadAsync(buffer) > 0)
        {
        }
    }

    /// <summary>Closes it with a reset.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(enable: true, 0);
        Close();
    }

    /// <summary>Closes it.</summary>
    public void Close() => _stream.Dispose();

    private static bool IsWhole(string text)
    {
        const string Length = "content-length: ";
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var at = text.IndexOf(Length, StringComparison.OrdinalIgnoreCase);
        return end >= 0 && at >= 0 && text.Length >= end + 4 + int.Parse(text[(at + Length.Length)..].Split('\r')[0], null);
    }
}

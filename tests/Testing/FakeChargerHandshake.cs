using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Capacitor.Testing;

/// <summary>A handshake written by hand on a bare TCP connection: for what no client library would send, and to see what really comes back.</summary>
public sealed class FakeChargerHandshake : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TcpClient _tcp;

    private FakeChargerHandshake(TcpClient tcp, int status, string head, string body)
    {
        _tcp = tcp;
        Status = status;
        Head = head;
        Body = body;
    }

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    /// <summary>Status line and headers.</summary>
    public string Head { get; }

    /// <summary>The body that came with it; empty after 101.</summary>
    public string Body { get; }

    /// <summary>The raw connection, for frames written by hand.</summary>
    public NetworkStream Stream => _tcp.GetStream();

    /// <summary>A header's value, or null.</summary>
    public string? Header(string name) => Head.Split("\r\n")
        .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(name.Length + 1)..].Trim())
        .FirstOrDefault();

    /// <summary>
    /// Asks for <paramref name="target"/> (as written on the request line) with a good handshake, in which <paramref name="headers"/> replace
    /// headers of the same name; a null value leaves one out. All of 127.0.0.0/8 can be <paramref name="from"/>.
    /// </summary>
    public static async Task<FakeChargerHandshake> SendAsync(
        Uri server, string target, IReadOnlyDictionary<string, string?>? headers = null, string method = "GET", IPAddress? from = null)
    {
        var all = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Host"] = server.Authority,
            ["Connection"] = "Upgrade",
            ["Upgrade"] = "websocket",
            ["Sec-WebSocket-Version"] = "13",
            ["Sec-WebSocket-Key"] = "dGhlIHNhbXBsZSBub25jZQ==",
            ["Sec-WebSocket-Protocol"] = "ocpp1.6",
        };
        foreach (var (name, value) in headers ?? new Dictionary<string, string?>())
        {
            all[name] = value;
        }

        var request = new StringBuilder($"{method} {target} HTTP/1.1\r\n");
        foreach (var (name, value) in all.Where(header => header.Value is not null))
        {
            request.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        var tcp = new TcpClient(new IPEndPoint(from ?? IPAddress.Any, 0)) { NoDelay = true };
        await tcp.ConnectAsync(IPAddress.Loopback, server.Port).WaitAsync(Patience);
        var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request.Append("\r\n").ToString()));
        var head = await ReadHeadAsync(stream).WaitAsync(Patience);
        var status = int.Parse(head.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        var answer = new FakeChargerHandshake(tcp, status, head, "");
        if (status == 101 || answer.Header("Content-Length") is not { } length)
        {
            return answer;
        }

        var body = new byte[int.Parse(length, System.Globalization.CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body).AsTask().WaitAsync(Patience);
        return new FakeChargerHandshake(tcp, status, head, Encoding.UTF8.GetString(body));
    }

    /// <summary>Writes one frame, masked as a client must.</summary>
    public async Task SendFrameAsync(byte firstByte, ReadOnlyMemory<byte> payload)
    {
        var header = payload.Length < 126
            ? new byte[] { firstByte, (byte)(0x80 | payload.Length), 0, 0, 0, 0 }
            : [firstByte, 0x80 | 126, (byte)(payload.Length >> 8), (byte)payload.Length, 0, 0, 0, 0];
        await Stream.WriteAsync(header);
        await Stream.WriteAsync(payload);
    }

    /// <summary>Reads one frame of at most 65,535 bytes; null at the end of the connection.</summary>
    public async Task<(byte FirstByte, byte[] Payload)?> ReadFrameAsync()
    {
        var header = new byte[2];
        if (await Stream.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false).AsTask().WaitAsync(Patience) < header.Length)
        {
            return null;
        }

        var length = (int)header[1];
        if (length == 126)
        {
            var longer = new byte[2];
            await Stream.ReadExactlyAsync(longer).AsTask().WaitAsync(Patience);
            length = (longer[0] << 8) | longer[1];
        }

        var payload = new byte[length];
        await Stream.ReadExactlyAsync(payload).AsTask().WaitAsync(Patience);
        return (header[0], payload);
    }

    /// <inheritdoc/>
    public void Dispose() => _tcp.Dispose();

    private static async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one);
            head.Append((char)one[0]);
        }

        return head.ToString();
    }
}

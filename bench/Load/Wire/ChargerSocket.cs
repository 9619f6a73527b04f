using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Capacitor.Load.Wire;

/// <summary>
/// A WebSocket client made of one socket and one buffer: what it costs is taken from the server on the same two cores.
/// Everything it tells its owner comes on the one thread that waits for sockets (see <c>Program</c>), or on the thread that connects.
/// </summary>
internal sealed class ChargerSocket(IPEndPoint server, string path, IChargerSocketOwner owner) : SocketAsyncEventArgs(true)
{
    private const int Header = 4;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _buffer = new byte[512];
    private int _filled;
    private bool _upgraded;
    private volatile bool _ended;

    public void Connect()
    {
        RemoteEndPoint = server;
        if (!_socket.ConnectAsync(this))
        {
            Run();
        }
    }

    /// <summary>Sends a whole frame; when the socket is broken the receiving side says so.</summary>
    public void Send(ReadOnlySpan<byte> frame)
    {
        while (frame.Length > 0)
        {
            var sent = _socket.Send(frame, SocketFlags.None, out var error);
            if (error != SocketError.Success)
            {
                return;
            }

            frame = frame[sent..];
        }
    }

    /// <summary>Cuts the connection with a reset, as a dead network does.</summary>
    public void Abort()
    {
        if (!_ended)
        {
            _ended = true;
            _socket.LingerState = new LingerOption(enable: true, seconds: 0);
            _socket.Dispose();
        }
    }

    /// <summary>Aborts; the arguments themselves are left to the collector, for an operation may still be using them.</summary>
    public new void Dispose() => Abort();

    protected override void OnCompleted(SocketAsyncEventArgs e) => Run();

    private void Run()
    {
        try
        {
            do
            {
                if (_ended || !Step())
                {
                    return;
                }

                Room();
            }
            while (!_socket.ReceiveAsync(this));
        }
        catch (ObjectDisposedException)
        {
            // Aborted by its owner meanwhile.
        }
    }

    private bool Step()
    {
        if (SocketError != SocketError.Success)
        {
            return End(SocketError.ToString());
        }

        if (LastOperation == SocketAsyncOperation.Connect)
        {
            Send(Encoding.ASCII.GetBytes(
                $"GET {path} HTTP/1.1\r\nHost: {server}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
                "Sec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==\r\nSec-WebSocket-Protocol: ocpp1.6\r\n\r\n"));
            return true;
        }

        if (BytesTransferred == 0)
        {
            return End("closed by the server");
        }

        _filled += BytesTransferred;
        return _upgraded ? ReadFrames(0) : ReadHandshake();
    }

    private bool ReadHandshake()
    {
        var text = _buffer.AsSpan(0, _filled);
        var end = text.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return true;
        }

        if (!text.StartsWith("HTTP/1.1 101"u8))
        {
            return End(Encoding.ASCII.GetString(text[..text.IndexOf((byte)'\r')]));
        }

        _upgraded = true;
        owner.Opened();
        return ReadFrames(end + 4);
    }

    private bool ReadFrames(int start)
    {
        while (_filled - start >= 2)
        {
            var frame = _buffer.AsSpan(start, _filled - start);
            int length = frame[1];
            var header = 2;
            if (length == 126)
            {
                if (frame.Length < Header)
                {
                    break;
                }

                length = BinaryPrimitives.ReadUInt16BigEndian(frame[2..]);
                header = Header;
            }
            else if (length > 126)
            {
                return End("a frame of more than 64 KiB or a masked one");
            }

            if (frame.Length < header + length)
            {
                break;
            }

            if (!Handle(frame[0], frame.Slice(header, length)))
            {
                return false;
            }

            start += header + length;
        }

        _buffer.AsSpan(start, _filled - start).CopyTo(_buffer);
        _filled -= start;
        return !_ended;
    }

    private bool Handle(byte first, ReadOnlySpan<byte> content)
    {
        switch (first)
        {
            case 0x81:
                owner.Received(content);
                return true;
            case 0x89:
                Pong(content);
                return true;
            case 0x8A:
                return true;
            case 0x88:
                return End(content.Length >= 2 ? $"close {BinaryPrimitives.ReadUInt16BigEndian(content)}" : "close");
            default:
                return End($"an unexpected frame {first:x2}");
        }
    }

    private void Pong(ReadOnlySpan<byte> content)
    {
        Span<byte> pong = stackalloc byte[6 + content.Length];
        pong.Clear();
        pong[0] = 0x8A;
        pong[1] = (byte)(0x80 | content.Length);
        content.CopyTo(pong[6..]);
        Send(pong);
    }

    private void Room()
    {
        if (_buffer.Length - _filled < 128)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        SetBuffer(_buffer, _filled, _buffer.Length - _filled);
    }

    private bool End(string why)
    {
        _ended = true;
        _socket.Dispose();
        owner.Closed(why);
        return false;
    }
}

using System.Buffers.Text;
using System.Net.Sockets;
using Capacitor.Load.Fleet;

namespace Capacitor.Load.Sink;

/// <summary>One keep-alive connection of the server under test.</summary>
internal sealed class SinkConnection(Socket socket, Action<int, Mark, int> came, Repeats? repeats) : SocketAsyncEventArgs(true)
{
    private static readonly byte[] s_ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray();

    private byte[] _buffer = new byte[4096];
    private int _filled;

    public void Start()
    {
        if (Receive())
        {
            Run();
        }
    }

    protected override void OnCompleted(SocketAsyncEventArgs e) => Run();

    private void Run()
    {
        do
        {
            if (SocketError != SocketError.Success || BytesTransferred == 0)
            {
                socket.Dispose();
                return;
            }

            _filled += BytesTransferred;
            Read();
        }
        while (Receive());
    }

    /// <summary>True when bytes are there already.</summary>
    private bool Receive()
    {
        if (_filled == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        SetBuffer(_buffer, _filled, _buffer.Length - _filled);
        return !socket.ReceiveAsync(this);
    }

    private void Read()
    {
        var start = 0;
        while (true)
        {
            var request = _buffer.AsSpan(start, _filled - start);
            var head = request.IndexOf("\r\n\r\n"u8);
            if (head < 0)
            {
                break;
            }

            var at = request[..head].IndexOf("ontent-Length: "u8);
            if (at < 0 || !Utf8Parser.TryParse(request[(at + 15)..], out int length, out _))
            {
                throw new NotSupportedException("The sink reads bodies with a Content-Length only.");
            }

            if (request.Length < head + 4 + length)
            {
                break;
            }

            if (repeats is null || repeats.IsNew(request[..head]))
            {
                var (charger, mark, transaction) = EventReader.Read(request.Slice(head + 4, length));
                came(charger, mark, transaction);
            }

            socket.Send(s_ok, SocketFlags.None, out _);
            start += head + 4 + length;
        }

        _buffer.AsSpan(start, _filled - start).CopyTo(_buffer);
        _filled -= start;
    }
}

using System.Buffers.Text;
using System.Net.Sockets;

namespace Capacitor.Load.Sink;

/// <summary>One keep-alive connection of the server under test.</summary>
internal sealed class SinkConnection(Socket socket, EventSink sink) : SocketAsyncEventArgs(true)
{
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

            sink.Take(socket, request[..head], request.Slice(head + 4, length));
            start += head + 4 + length;
        }

        _buffer.AsSpan(start, _filled - start).CopyTo(_buffer);
        _filled -= start;
    }
}

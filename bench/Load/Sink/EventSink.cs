using System.Net;
using System.Net.Sockets;
using Capacitor.Load.Fleet;

namespace Capacitor.Load.Sink;

/// <summary>The subscriber: takes POSTs on a raw socket, answers them, and enters each event into its charger's ledger.</summary>
internal sealed class EventSink : SocketAsyncEventArgs
{
    private const int SocketLevel = 1; // SOL_SOCKET
    private const int BindToDevice = 25; // SO_BINDTODEVICE

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Action<int, Mark, int> _came;
    private readonly SinkAnswer _answer;
    private readonly int _port;
    private long _requests;

    /// <param name="came">Takes the charger's number, the event and its transaction.</param>
    /// <param name="repeats">Knows the events that came before, and keeps those that come again from being told; null: everything is told.</param>
    /// <param name="answer">What every request is told.</param>
    /// <param name="isAway">True: connections are refused until <see cref="Open"/>.</param>
    public EventSink(Action<int, Mark, int> came, Repeats? repeats = null, SinkAnswer answer = SinkAnswer.Ok, bool isAway = false)
        : base(true)
    {
        (_came, _answer, Repeats) = (came, answer, repeats);
        _listener.SetRawSocketOption(SocketLevel, BindToDevice, "lo\0"u8); // all of 127.0.0.0/8, and nothing else
        _listener.Bind(new IPEndPoint(IPAddress.Any, 0));
        _port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        if (!isAway)
        {
            Open();
        }
    }

    public Repeats? Repeats { get; }

    /// <summary>What the first requests said; null: nobody asked for it.</summary>
    public Sample? Sample { get; init; }

    /// <summary>Requests that came, answered or not.</summary>
    public long Requests => Volatile.Read(ref _requests);

    public string Url => UrlOf(0);

    /// <summary>The sink as one of many hosts, which a client cannot know to be one: it has connections of its own to each.</summary>
    public string UrlOf(int host) => $"http://127.0.{host / 250}.{(host % 250) + 1}:{_port}/hook";

    /// <summary>Connections are taken from now on.</summary>
    public void Open()
    {
        _listener.Listen(4096);
        Accept();
    }

    /// <summary>Takes no more connections; those there are end with the server.</summary>
    public new void Dispose() => _listener.Dispose();

    /// <summary>Takes a request and answers it.</summary>
    public void Take(Socket socket, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        _requests++; // one thread serves all sockets
        Sample?.Take(head, body);
        if (Repeats is null || Repeats.IsNew(head))
        {
            var (charger, mark, transaction) = EventReader.Read(body);
            if (mark.Kind != Kind.Derived)
            {
                _came(charger, mark, transaction);
            }
        }

        if (_answer != SinkAnswer.None)
        {
            socket.Send(_answer == SinkAnswer.Ok ? "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8 : "HTTP/1.1 500 Ill\r\nContent-Length: 0\r\n\r\n"u8, SocketFlags.None, out _);
        }
    }

    protected override void OnCompleted(SocketAsyncEventArgs e)
    {
        if (Take())
        {
            Accept();
        }
    }

    private void Accept()
    {
        try
        {
            do
            {
                AcceptSocket = null;
            }
            while (!_listener.AcceptAsync(this) && Take());
        }
        catch (ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private bool Take()
    {
        if (SocketError != SocketError.Success)
        {
            return false;
        }

        AcceptSocket!.NoDelay = true;
        new SinkConnection(AcceptSocket, this).Start();
        return true;
    }
}

/// <summary>What a sink answers.</summary>
internal enum SinkAnswer
{
    Ok,

    /// <summary>500, always.</summary>
    Failure,

    /// <summary>It takes requests and says nothing.</summary>
    None,
}

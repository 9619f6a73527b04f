using System.Net;
using System.Net.Sockets;
using Capacitor.Load.Fleet;

namespace Capacitor.Load.Sink;

/// <summary>The subscriber: takes POSTs on a raw socket, answers 200, and enters each event into its charger's ledger.</summary>
internal sealed class EventSink : SocketAsyncEventArgs
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Action<int, Mark, int> _came;

    /// <param name="came">Takes the charger's number, the event and its transaction.</param>
    /// <param name="repeats">Knows the events that came before, and keeps those that come again from being told; null: everything is told.</param>
    public EventSink(Action<int, Mark, int> came, Repeats? repeats = null)
        : base(true)
    {
        _came = came;
        Repeats = repeats;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(1024);
        Accept();
    }

    public Repeats? Repeats { get; }

    public string Url => $"http://{_listener.LocalEndPoint}/hook";

    /// <summary>Takes no more connections; those there are end with the server.</summary>
    public new void Dispose() => _listener.Dispose();

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
        new SinkConnection(AcceptSocket, _came, Repeats).Start();
        return true;
    }
}

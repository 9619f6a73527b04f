using System.Net;
using System.Net.Sockets;

namespace Capacitor.EndToEnd.Tests;

/// <summary>A way to a server on this machine that can be cut: connections stay open then, new ones are taken, and nothing arrives any more.</summary>
internal sealed class CuttableLink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly int _target;
    private readonly List<TcpClient> _open = [];
    private readonly Task _accepting;
    private volatile TaskCompletionSource _whole = Whole();

    public CuttableLink(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Cut() => _whole = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _whole.TrySetResult();
        _listener.Stop();
        await _accepting;
        lock (_open)
        {
            _open.ForEach(client => client.Dispose());
        }

        _end.Dispose();
    }

    private static TaskCompletionSource Whole()
    {
        TaskCompletionSource whole = new();
        whole.SetResult();
        return whole;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(Keep(await _listener.AcceptTcpClientAsync(_end.Token)), Keep(new TcpClient()));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException)
        {
        }
    }

    private async Task ServeAsync(TcpClient caller, TcpClient server)
    {
        try
        {
            await _whole.Task;
            await server.ConnectAsync(IPAddress.Loopback, _target, _end.Token);
            await Task.WhenAny(CopyAsync(caller, server), CopyAsync(server, caller));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException)
        {
        }

        caller.Dispose();
        server.Dispose();
    }

    private async Task CopyAsync(TcpClient from, TcpClient to)
    {
        try
        {
            var buffer = new byte[64 * 1024];
            int read;
            while ((read = await from.GetStream().ReadAsync(buffer, _end.Token)) > 0)
            {
                await _whole.Task;
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read), _end.Token);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
        }
    }

    private TcpClient Keep(TcpClient client)
    {
        lock (_open)
        {
            _open.Add(client);
        }

        return client;
    }
}

using System.Net.WebSockets;
using Capacitor.Chargers;

namespace Capacitor.Api.Ocpp;

internal sealed partial class ChargerSocket
{
    // RFC 6455's registry: https://www.iana.org/assignments/websocket/websocket.xhtml
    private const WebSocketCloseStatus ServiceRestart = (WebSocketCloseStatus)1012;
    private const WebSocketCloseStatus TryAgainLater = (WebSocketCloseStatus)1013;

    private string? _closeCause;
    private int _closing;
    private bool _ended;

    /// <summary>True once the server has decided to close: what still comes is not processed.</summary>
    private bool IsClosing => Volatile.Read(ref _closing) != 0;

    /// <summary>Ends the socket on the grain's word, which then needs no telling.</summary>
    public void EndBy(SocketEnd cause)
    {
        _silentEnd = true;
        switch (cause)
        {
            case SocketEnd.Removed:
                _closeCause = "removed";
                BeginClose(WebSocketCloseStatus.PolicyViolation, "This charger was removed.");
                break;
            case SocketEnd.Lost:
                _closeCause = "lost";
                SendAway(ServiceRestart, "The connection was taken for lost. Please connect again.");
                break;
            default:
                _closeCause = "replaced";
                SendAway(WebSocketCloseStatus.NormalClosure, "A newer connection of this charger took over.");
                break;
        }
    }

    /// <summary>
    /// Ends the socket because the server stops: first the commands under way come to their end, however long that takes while the stop has time, then what has
    /// been received is answered. Ends when the close has begun.
    /// </summary>
    public async Task StopAsync()
    {
        try
        {
            // Meanwhile the charger is served as ever: it may have to say something before it can answer.
            while (_commands?.WhenDoneAsync() is { IsCompleted: false } commands)
            {
                await commands.WaitAsync(edge.LeftOf(edge.Options.CommandTime), edge.Time);
            }

            var left = edge.LeftOf(edge.Options.CommandTime);
            await DrainAsync().WaitAsync(left < edge.Options.AnswerTimeout ? left : edge.Options.AnswerTimeout, edge.Time);
        }
        catch (TimeoutException)
        {
            // What is not answered is sent again, to the next server.
        }

        _closeCause = "server_stopping";
        SendAway(ServiceRestart, "The server is stopping. Please connect again.");
    }

    /// <summary>Why the grain holds this socket for the charger's no longer, in which case it is ended; null while it is, and before it ever was.</summary>
    public async Task<SocketEnd?> CheckAsync()
    {
        if (Epoch == 0 || IsClosing || await charger.FindEndAsync(Epoch) is not { } end)
        {
            return null;
        }

        EndBy(end);
        return end;
    }

    /// <summary>Cuts the connection.</summary>
    public void Abort() => connection.Abort();

    /// <summary>Closes the socket of a charger that shall not stay away: one that takes a close for good is cut off.</summary>
    private void SendAway(WebSocketCloseStatus status, string reason)
    {
        if (!_abortsInsteadOfClose)
        {
            BeginClose(status, reason);
        }
        else if (Interlocked.Exchange(ref _closing, 1) == 0)
        {
            Abort();
        }
    }

    /// <summary>Starts a polite close; a charger that does not close its side in time is cut off.</summary>
    private void BeginClose(WebSocketCloseStatus status, string reason)
    {
        if (Interlocked.Exchange(ref _closing, 1) == 0)
        {
            _ = CloseAsync(status, reason);
        }
    }

    private async Task CloseAsync(WebSocketCloseStatus status, string reason)
    {
        var deadline = Task.Delay(edge.Options.CloseTimeout, edge.Time);
        try
        {
            await _webSocket.CloseOutputAsync(status, reason, CancellationToken.None).WaitAsync(edge.Options.CloseTimeout, edge.Time);
        }
        catch (Exception gone) when (IsGone(gone) || gone is TimeoutException)
        {
        }

        await deadline;
        if (!Volatile.Read(ref _ended))
        {
            Abort();
        }
    }

    // Answers under way go first: whoever closes after a CALL may still read what it got.
    private async Task AnswerCloseAsync()
    {
        try
        {
            await WhenIdleAsync().WaitAsync(edge.Options.CloseTimeout, edge.Time);
        }
        catch (TimeoutException)
        {
        }

        if (_webSocket.State == WebSocketState.CloseReceived)
        {
            await _webSocket.CloseOutputAsync(_webSocket.CloseStatus ?? WebSocketCloseStatus.NormalClosure, null, CancellationToken.None)
                .WaitAsync(edge.Options.CloseTimeout, edge.Time);
        }
    }
}

using System.Net.WebSockets;
using Capacitor.Chargers;
using Microsoft.AspNetCore.Http.Features;

namespace Capacitor.Api.Ocpp;

/// <summary>
/// One charger's connection: reads frames, has its CALLs processed one at a time, sends answers and commands. It knows no rules of OCPP beyond the
/// frame. An idle one holds no buffer, timer or task but the read it waits for.
/// </summary>
internal sealed partial class ChargerSocket(
    OcppEdge edge,
    ChargeBoxId chargeBoxId,
    IChargerGrain charger,
    LoggedCharger logged,
    long seenEpoch,
    IHttpRequestLifetimeFeature connection,
    SocketStream stream)
{
    private readonly WebSocket _webSocket = WebSocket.CreateFromStream(stream, AsServer);
    private readonly Lock _gate = new();
    private CommandQueue? _commands;
    private DisconnectReason _reason = DisconnectReason.Closed;
    private bool _silentEnd;
    private int _pingedAt = stream.LastRead - 1;

    private static WebSocketCreationOptions AsServer => new() { IsServer = true, KeepAliveInterval = TimeSpan.Zero };

    public ChargeBoxId ChargeBoxId => chargeBoxId;

    /// <summary>Names the socket within this process.</summary>
    public long ConnectionId { get; } = edge.Sockets.NextId();

    /// <summary>What the charger's grain calls this connection; 0 until it is attached.</summary>
    public long Epoch { get; private set; }

    /// <summary>Makes the socket the charger's connection and serves it until it ends.</summary>
    public async Task ServeAsync(string protocol)
    {
        edge.Sockets.Add(this);
        edge.Metrics.Connected();
        try
        {
            await TryAttachAsync(protocol);
            if (edge.IsStopping)
            {
                _ = StopAsync(); // the others were told before this one was there
            }

            await ReadAsync();
        }
        finally
        {
            End();
        }
    }

    /// <summary>Closes the socket before it ever becomes the charger's connection.</summary>
    public async Task TurnAwayAsync(WebSocketCloseStatus status, string reason)
    {
        Log.TurnedAway(edge.Logger, chargeBoxId, status, reason);
        try
        {
            BeginClose(status, reason);
            await ReadAsync();
        }
        finally
        {
            Volatile.Write(ref _ended, true);
            _webSocket.Dispose();
        }
    }

    /// <summary>Sends a command in its turn and waits for its end.</summary>
    public Task<CommandOutcome> SendCommandAsync(Command command)
    {
        CommandQueue commands;
        lock (_gate)
        {
            if (_ended || _draining || IsClosing)
            {
                return Task.FromResult<CommandOutcome>(new CommandOutcome.NotConnected());
            }

            commands = _commands ??= new CommandQueue(this, edge);
        }

        return Tracing.IsOn ? TraceAsync(commands, command) : commands.SendAsync(command);
    }

    /// <summary>Sends a frame after those before it and returns its buffer. A socket that is gone swallows it: what was not answered is sent again.</summary>
    public ValueTask SendAsync(FrameBuffer frame, in FrameNote note)
    {
        TrySend(frame, note, out var sending);
        return sending;
    }

    /// <summary>As <see cref="SendAsync"/>; false when the frame will never be sent, since the socket's close was.</summary>
    public bool TrySend(FrameBuffer frame, in FrameNote note, out ValueTask sending)
    {
        sending = ValueTask.CompletedTask;
        var isSent = true;
        try
        {
            var position = IsLogged ? edge.Messages.NextPosition() : 0;
            isSent = stream.TryWrite(frame.ToFrame(), out var write);
            if (isSent && position > 0)
            {
                LogSent(position, note, frame);
            }

            if (!write.IsCompletedSuccessfully)
            {
                sending = FinishAsync(write, frame);
                return isSent;
            }
        }
        catch (Exception gone) when (IsGone(gone))
        {
            // Nobody knows how much of it went out.
        }

        frame.Return();
        return isSent;
    }

    /// <summary>One look of the sweeper, in its ticks.</summary>
    public void CheckLife(int tick, int pingAfter, int cutAfter)
    {
        TellAnomalies();
        if (stream.BlockedSince is { } since && tick - since >= cutAfter)
        {
            // It sends and does not read: what it sends is no sign that it will ever see an answer.
            CutOff();
            return;
        }

        var lastRead = stream.LastRead;
        if (IsPaused || tick - lastRead < pingAfter)
        {
            return;
        }

        if (_pingedAt <= lastRead)
        {
            _pingedAt = tick;
            stream.Ping();
        }
        else if (tick - _pingedAt >= cutAfter)
        {
            CutOff();
        }
    }

    private async Task<CommandOutcome> TraceAsync(CommandQueue commands, Command command)
    {
        using var span = CallTrace.Begin(chargeBoxId, command);
        var outcome = await commands.SendAsync(command);
        span?.SetTag("ocpp.outcome", outcome.GetType().Name);
        return outcome;
    }

    private CommandQueue? Commands()
    {
        lock (_gate)
        {
            return _commands;
        }
    }

    private void CutOff()
    {
        _reason = DisconnectReason.TimedOut;
        Abort();
    }

    private static async ValueTask FinishAsync(ValueTask write, FrameBuffer frame)
    {
        try
        {
            await write;
        }
        catch (Exception gone) when (IsGone(gone))
        {
        }
        finally
        {
            frame.Return();
        }
    }

    // What a stream throws when its connection has ended; all else is a fault of ours.
    private static bool IsGone(Exception exception) =>
        exception is IOException or OperationCanceledException or ObjectDisposedException or WebSocketException or InvalidOperationException;

    private void End()
    {
        CommandQueue? commands;
        lock (_gate)
        {
            _ended = true;
            commands = _commands;
        }

        var cause = _closeCause ?? (_reason == DisconnectReason.TimedOut ? "timeout" : "closed");
        commands?.End();
        TellAnomalies();
        edge.Sockets.Remove(this);
        edge.Metrics.Disconnected(cause);
        Log.Disconnected(edge.Logger, chargeBoxId, ConnectionId, cause);
        _webSocket.Dispose();
        if (_isUnsettled)
        {
            _ = SettleAsync();
        }
        else if (!_silentEnd)
        {
            _ = DetachAsync();
        }
    }
}

using Capacitor.Chargers;
using Capacitor.Messages;
using Capacitor.Ocpp;

namespace Capacitor.Api.Ocpp;

/// <summary>
/// The commands of one socket: first in, first out, one outstanding at a time (OCPP-J 1.6 §4.1.1), each with a deadline that counts from
/// its arrival. Made when the first command comes.
/// </summary>
internal sealed class CommandQueue(ChargerSocket socket, OcppEdge edge)
{
    // Chargers answer when they have time; whoever asked is told even then.
    private const int MostLate = 16;

    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly LinkedList<PendingCommand> _waiting = new();
    private readonly List<LateCommand> _late = [];
    private PendingCommand? _outstanding;
    private int _lastId;
    private bool _ended;

    /// <summary>Sends the command in its turn; ends with the charger's answer, at the deadline, or with the socket.</summary>
    public Task<CommandOutcome> SendAsync(Command command)
    {
        PendingCommand pending;
        lock (_gate)
        {
            if (_ended)
            {
                return Ended(new CommandOutcome.NotConnected(), "not_connected");
            }

            if (_waiting.Count + (_outstanding is null ? 0 : 1) >= edge.Options.CommandQueueLimit)
            {
                return Ended(new CommandOutcome.QueueFull(), "queue_full");
            }

            pending = new PendingCommand(command);
            _waiting.AddLast(pending);
        }

        pending.Deadline = edge.Time.CreateTimer(_ => Expire(pending), null, Within(command.Timeout), Timeout.InfiniteTimeSpan);
        SendNext();
        return pending.Outcome;
    }

    /// <summary>The outstanding command, or the one before it, when it has this message id.</summary>
    public SentCommand? Find(string? messageId)
    {
        lock (_gate)
        {
            return _outstanding is { } outstanding && outstanding.MessageId == messageId
                ? new SentCommand(outstanding.Command.Action, outstanding.SentAt)
                : _late.Find(pending => pending.MessageId == messageId)?.Sent;
        }
    }

    /// <summary>Takes a CALLRESULT or CALLERROR; false when no command waits for it.</summary>
    public bool TryEnd(in OcppFrame frame)
    {
        PendingCommand pending;
        lock (_gate)
        {
            if (_outstanding is not { } outstanding || outstanding.MessageId != frame.MessageId)
            {
                return TryEndLate(frame);
            }

            pending = outstanding;
            _outstanding = null;
        }

        var outcome = OutcomeOf(frame);
        End(pending, outcome, outcome is CommandOutcome.Answered ? "answered" : "refused");
        SendNext();
        return true;
    }

    private static CommandOutcome OutcomeOf(in OcppFrame frame) => frame.Kind == OcppFrameKind.CallResult
        ? new CommandOutcome.Answered(frame.Payload.ToArray())
        : new CommandOutcome.Refused(frame.ErrorCode ?? Ocpp16ErrorCodes.GenericError, frame.ErrorDescription ?? "");

    // Under the lock.
    private bool TryEndLate(in OcppFrame frame)
    {
        var id = frame.MessageId;
        if (_late.Find(pending => pending.MessageId == id) is not { } late)
        {
            return false;
        }

        _late.Remove(late);
        edge.Metrics.Command("late");
        if (!late.IsRecorded)
        {
            return false;
        }

        socket.TellEnd(new CommandEnd { Command = late.Id, Outcome = OutcomeOf(frame), SentAt = late.WentOutAt, IsLate = true });
        return true;
    }

    /// <summary>The socket is gone, and with it the answer to what was sent; what still waited never was.</summary>
    public void End()
    {
        PendingCommand? sent;
        PendingCommand[] unsent;
        lock (_gate)
        {
            _ended = true;
            (sent, _outstanding) = (_outstanding, null);
            unsent = [.. _waiting];
            _waiting.Clear();
        }

        if (sent is not null)
        {
            End(sent, new CommandOutcome.Disconnected(), "disconnected");
        }

        foreach (var pending in unsent)
        {
            End(pending, new CommandOutcome.NotConnected(), "not_connected");
        }
    }

    /// <summary>Ends when every command that is here now has its outcome.</summary>
    public Task WhenDoneAsync()
    {
        lock (_gate)
        {
            return Task.WhenAll((_outstanding is { } outstanding ? _waiting.Prepend(outstanding) : _waiting).Select(pending => pending.Outcome));
        }
    }

    /// <summary>Sends the next command if it is its turn. Until the socket is attached none has its turn: nobody knows yet whether this is the charger's connection.</summary>
    public void SendNext()
    {
        PendingCommand next;
        lock (_gate)
        {
            if (_ended || _outstanding is not null || socket.Epoch == 0 || _waiting.First is not { } first)
            {
                return;
            }

            _waiting.RemoveFirst();
            _outstanding = next = first.Value;

            // Unique across connections too: a charger may hold on to an id from before it was cut off.
            next.MessageId = $"{socket.Epoch:x}-{++_lastId:x}";
            next.SentAt = edge.Time.GetTimestamp();
            next.WentOutAt = edge.Time.GetUtcNow();
        }

        var frame = FrameBuffer.Rent();
        OcppFrameWriter.WriteCall(frame, next.MessageId, next.Command.Action, next.Command.Payload.Span);
        if (socket.TrySend(frame, new FrameNote(MessageKind.Call, next.Command.Action, next.MessageId, null), out var sending))
        {
            _ = sending.AsTask();
            if (next.Command.IsRecorded)
            {
                socket.TellSent(next.Command.Id, next.WentOutAt);
            }
        }
        else
        {
            EndUnsent(next);
        }
    }

    // The others of the queue end with the socket.
    private void EndUnsent(PendingCommand pending)
    {
        lock (_gate)
        {
            if (_outstanding != pending)
            {
                return;
            }

            _outstanding = null;
        }

        End(pending, new CommandOutcome.NotConnected(), "not_connected");
    }

    private void Expire(PendingCommand pending)
    {
        var wasSent = true;
        lock (_gate)
        {
            if (_outstanding == pending)
            {
                _outstanding = null;
                RememberLate(pending);
            }
            else if (_waiting.Remove(pending))
            {
                wasSent = false;
            }
            else
            {
                return;
            }
        }

        if (wasSent)
        {
            End(pending, new CommandOutcome.TimedOut(), "timed_out");
        }
        else
        {
            End(pending, new CommandOutcome.QueueFull(), "never_sent"); // its turn did not come: the charger will not do it
        }

        SendNext();
    }

    private void RememberLate(PendingCommand pending)
    {
        if (_late.Count == MostLate)
        {
            _late.RemoveAt(0);
        }

        _late.Add(new LateCommand(
            pending.MessageId, pending.Command.Id, pending.Command.IsRecorded, pending.WentOutAt, new SentCommand(pending.Command.Action, pending.SentAt)));
    }

    private static TimeSpan Within(TimeSpan timeout) => TimeSpan.FromTicks(Math.Clamp(timeout.Ticks, 0, LongestTimeout.Ticks));

    private void End(PendingCommand pending, CommandOutcome outcome, string label)
    {
        edge.Metrics.Command(label);
        pending.End(outcome);
    }

    private Task<CommandOutcome> Ended(CommandOutcome outcome, string label)
    {
        edge.Metrics.Command(label);
        return Task.FromResult(outcome);
    }

    /// <summary>What is left of a command that ran out of time: not its payload.</summary>
    private sealed record LateCommand(string MessageId, Guid Id, bool IsRecorded, DateTimeOffset WentOutAt, SentCommand Sent);

    private sealed class PendingCommand(Command command)
    {
        private readonly TaskCompletionSource<CommandOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Given when it is sent.</summary>
        public string MessageId { get; set; } = "";

        /// <summary>A time stamp of then.</summary>
        public long SentAt { get; set; }

        public Command Command => command;

        public DateTimeOffset WentOutAt { get; set; }

        public ITimer? Deadline { get; set; }

        public Task<CommandOutcome> Outcome => _outcome.Task;

        public void End(CommandOutcome outcome)
        {
            Deadline?.Dispose();
            _outcome.TrySetResult(outcome);
        }
    }
}

using System.Net.WebSockets;
using Capacitor.Chargers;
using Capacitor.Messages;
using Capacitor.Ocpp;

namespace Capacitor.Api.Ocpp;

internal sealed partial class ChargerSocket
{
    private const int AttemptsAfterMistake = 3;

    /// <summary>In units of the first wait. Short: a charger whose silo died shall not wait long for nothing.</summary>
    private const int LongestBackoff = 4;

    private static readonly ChargerAnswer Failed = new() { ErrorCode = Ocpp16ErrorCodes.InternalError, ErrorDescription = "The server could not process this message." };
    private static readonly ChargerAnswer Conflicting = new() { ErrorCode = Ocpp16ErrorCodes.ProtocolError, ErrorDescription = "This message id was used for another message." };

    private readonly RecentAnswers _recent = new();
    private Queue<InboundCall>? _waiting;
    private TaskCompletionSource? _room;
    private TaskCompletionSource? _idle;
    private bool _busy;
    private bool _draining;
    private long _lastNumber;

    /// <summary>True while too many CALLs wait: the socket is not read, so its silence means nothing.</summary>
    private bool IsPaused => Volatile.Read(ref _room) is not null;

    /// <summary>Processes the CALL, or queues it behind the one under way; the task ends when there is room for more.</summary>
    private Task Accept(in OcppFrame frame, ReadOnlyMemory<byte> payload, ChargerAnswer? refusal)
    {
        var call = new ChargerCall { Epoch = Epoch, MessageId = frame.MessageId!, Action = frame.Action ?? "", Payload = payload, Number = ++_lastNumber };
        var inbound = new InboundCall(call, refusal, frame.HasNumericId, edge.Time.GetTimestamp());
        lock (_gate)
        {
            if (_draining)
            {
                return Task.CompletedTask; // not begun, so not lost: the charger sends it again
            }

            if (_busy)
            {
                _waiting ??= new Queue<InboundCall>();
                _waiting.Enqueue(inbound);
                if (_waiting.Count < edge.Options.CallQueueLimit)
                {
                    return Task.CompletedTask;
                }

                _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return _room.Task;
            }

            _busy = true;
        }

        _ = PumpAsync(inbound);
        return Task.CompletedTask;
    }

    /// <summary>Takes no more CALLs; the task ends when those taken are answered, or the one under way when the socket has ended.</summary>
    private Task DrainAsync()
    {
        lock (_gate)
        {
            _draining = true;
        }

        return WhenIdleAsync();
    }

    private Task WhenIdleAsync()
    {
        lock (_gate)
        {
            if (!_busy)
            {
                return Task.CompletedTask;
            }

            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }

    private async Task PumpAsync(InboundCall inbound)
    {
        do
        {
            var span = CallTrace.Begin(chargeBoxId, inbound.Call.Action);
            ChargerAnswer? answer = null;
            try
            {
                answer = inbound.Refusal ?? Recall(inbound);
                if (answer is null)
                {
                    try
                    {
                        answer = await charger.ReceiveAsync(inbound.Call);
                    }
                    catch (Exception failure)
                    {
                        answer = await RetryAsync(inbound, failure);
                    }

                    if (answer is null)
                    {
                        continue; // the socket ended first, so the charger will send it again
                    }

                    if (answer.IsStale)
                    {
                        EndBy(answer.End);
                        continue;
                    }

                    if (!inbound.AlwaysFresh && !ReferenceEquals(answer, Failed))
                    {
                        _recent.Add(inbound.Call, answer);
                    }
                }

                await AnswerAsync(inbound, answer);
            }
            catch (Exception failure)
            {
                Log.PumpFailed(edge.Logger, failure, chargeBoxId);
                Abort();
            }
            finally
            {
                CallTrace.End(span, answer);
            }
        }
        while (TryNext(ref inbound));
    }

    private bool TryNext(ref InboundCall inbound)
    {
        TaskCompletionSource? room;
        TaskCompletionSource? idle = null;
        bool found;
        lock (_gate)
        {
            (room, _room) = (_room, null);
            inbound = default;
            found = !IsClosing && !_ended && _waiting is not null && _waiting.TryDequeue(out inbound);
            if (!found)
            {
                _busy = false;
                _waiting = null;
                (idle, _idle) = (_idle, null);
            }
        }

        room?.SetResult();
        idle?.SetResult();
        return found;
    }

    private ValueTask AnswerAsync(in InboundCall inbound, ChargerAnswer answer)
    {
        var took = edge.Time.GetElapsedTime(inbound.ArrivedAt);
        if (answer.ErrorCode is { } code)
        {
            edge.Metrics.Refused(inbound.Call.Action, code, took);
        }
        else
        {
            edge.Metrics.Answered(inbound.Call.Action, took);
        }

        var frame = FrameBuffer.Rent();
        inbound.Write(frame, answer);
        return SendAsync(frame, new FrameNote(answer.ErrorCode is null ? MessageKind.Result : MessageKind.Error, inbound.Call.Action, inbound.Call.MessageId, took));
    }

    /// <summary>The answer that the same CALL got before, or one that says its id is taken; null when it is new.</summary>
    private ChargerAnswer? Recall(in InboundCall inbound)
    {
        if (inbound.AlwaysFresh)
        {
            return null;
        }

        var answer = _recent.Find(inbound.Call, out var conflicts);
        if (answer is not null)
        {
            edge.Metrics.Repeated(inbound.Call.Action);
            return answer;
        }

        if (conflicts)
        {
            Note("reused_message_id", inbound.Call.Action, "The message id was used for another message.");
        }

        return conflicts && !inbound.MustSucceed ? Conflicting : null;
    }

    /// <summary>
    /// Tries again while somebody else takes over what the call needs: the charger sees a slow answer. Gives up when its patience must be at an end, but never on
    /// what must succeed while the socket lives. Null when the socket ended.
    /// </summary>
    private async Task<ChargerAnswer?> RetryAsync(InboundCall inbound, Exception failure)
    {
        for (var attempt = 1; ; attempt++)
        {
            Log.CallFailed(edge.Logger, failure, ActionLabel.Of(inbound.Call.Action), chargeBoxId, attempt);
            if (!inbound.MustSucceed && (HasGivenUp(inbound.ArrivedAt) || (attempt >= AttemptsAfterMistake && !Failures.Passes(failure))))
            {
                return Failed;
            }

            await BackOffAsync(attempt);
            if (Volatile.Read(ref _ended) || IsClosing)
            {
                return null;
            }

            edge.Metrics.Retried(inbound.Call.Action);
            try
            {
                return await charger.ReceiveAsync(inbound.Call);
            }
            catch (Exception again)
            {
                failure = again;
            }
        }
    }

    // Apart from each other: all sockets of a charger park may wait for the same silo.
    private Task BackOffAsync(int attempt) => Task.Delay(
        edge.Options.RetryDelay * Math.Min(Math.Pow(2, Math.Min(attempt, 10) - 1), LongestBackoff) * (0.75 + (Random.Shared.NextDouble() / 2)), edge.Time);
}

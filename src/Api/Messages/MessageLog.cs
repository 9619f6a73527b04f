using Capacitor.Messages;
using Microsoft.Extensions.Options;

namespace Capacitor.Api.Messages;

/// <summary>
/// What the chargers of this process say and are told, until it is handed to a silo. It never waits and its memory is bounded: what comes when it is full is
/// dropped and counted.
/// </summary>
internal sealed class MessageLog(IOptions<MessageLogOptions> options, MessageLogMetrics metrics, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Stack<MessageBuffer> _spare = new();
    private readonly int _most = options.Value.MaxBufferBytes / MessageBuffer.Size;
    private readonly int _maxText = options.Value.MaxTextBytes;
    private List<MessageBuffer> _full = [];
    private TaskCompletionSource? _many;
    private MessageBuffer? _current;
    private long _lastPosition;
    private int _held;

    /// <summary>False: nothing is logged.</summary>
    public bool IsOn { get; } = options.Value.Enabled;

    /// <summary>The place of a frame that is received, or just about to be sent: before its answer, whoever is quicker afterwards.</summary>
    public long NextPosition()
    {
        var now = MessagePosition.From(time.GetUtcNow());
        while (true)
        {
            var last = Volatile.Read(ref _lastPosition);
            var next = now > last ? now : last + 1;
            if (Interlocked.CompareExchange(ref _lastPosition, next, last) == last)
            {
                return next;
            }
        }
    }

    /// <summary>Adds a frame; see <see cref="MessageBuffer.Add"/>.</summary>
    public void Add(in MessageEntry entry, string? messageId, ReadOnlySpan<byte> text)
    {
        var isCut = text.Length > _maxText;
        if (isCut)
        {
            text = text[.._maxText];
        }

        lock (_gate)
        {
            if (_current?.HasRoomFor(messageId, text.Length) != true && !TryBegin())
            {
                metrics.Dropped("full", 1);
                return;
            }

            _current!.Add(entry, messageId, text, isCut);
        }
    }

    /// <summary>Ends after a while, or when there is so much that it should not wait.</summary>
    public async Task WaitAsync(TimeSpan delay, CancellationToken stopping)
    {
        Task many;
        lock (_gate)
        {
            many = IsMany ? Task.CompletedTask : (_many ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        try
        {
            await many.WaitAsync(delay, time, stopping);
        }
        catch (TimeoutException)
        {
        }
    }

    /// <summary>Takes what there is. It still counts as held, until <see cref="Release"/>.</summary>
    public IReadOnlyList<MessageBuffer> Take()
    {
        lock (_gate)
        {
            var taken = _full;
            _full = [];
            if (_current is { Count: > 0 } current)
            {
                taken.Add(current);
                _current = null;
            }

            return taken;
        }
    }

    /// <summary>Gives up what was taken. <paramref name="isReusable"/>: nobody looks at it any more.</summary>
    public void Release(IReadOnlyList<MessageBuffer> taken, bool isReusable)
    {
        lock (_gate)
        {
            _held -= taken.Count;
            foreach (var buffer in isReusable ? taken : [])
            {
                buffer.Clear();
                _spare.Push(buffer);
            }

            // What a burst leaves behind goes one by one: they are large, and making them costs a collection of everything.
            if (_spare.Count > Math.Max(taken.Count, 1))
            {
                _spare.Pop();
            }
        }
    }

    // Large writes cost less for each message; half the room is left for what comes while they are under way.
    private bool IsMany => _full.Count >= Math.Max(1, _most / 4);

    private bool TryBegin()
    {
        if (_current is { } full)
        {
            _full.Add(full);
            _current = null;
            if (IsMany)
            {
                _many?.TrySetResult();
                _many = null;
            }
        }

        if (_held >= _most)
        {
            return false;
        }

        _held++;
        _current = _spare.TryPop(out var spare) ? spare : new MessageBuffer();
        return true;
    }
}

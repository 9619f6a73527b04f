namespace Capacitor.Api.Ocpp;

/// <summary>
/// The upgraded connection. One write is one whole frame, whoever writes it (an answer, a command, the WebSocket's pongs and close, a ping), and
/// frames never mix. A read is a sign of life: any byte that arrives leads to the next read, so the start of each is stamped and no wrapper
/// has to wait for its end.
/// </summary>
internal sealed class SocketStream(Stream connection, LifeClock clock) : Stream
{
    private const byte CloseOpcode = 0x88;
    private static readonly byte[] PingFrame = [0x89, 0x00];

    private readonly Lock _gate = new();
    private Task? _lastWrite;
    private bool _closeSent;
    private int _writeBegan;

    /// <summary>The clock's tick when bytes last moved.</summary>
    public int LastRead { get; private set; } = clock.Tick;

    /// <summary>The clock's tick since when a frame waits for the charger to read; null when none does.</summary>
    public int? BlockedSince => Volatile.Read(ref _lastWrite) is null or { IsCompleted: true } ? null : Volatile.Read(ref _writeBegan);

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Sends a ping unless another frame is under way or the socket is closing; the answer to it is a read like any other.</summary>
    public void Ping()
    {
        lock (_gate)
        {
            if (!_closeSent && _lastWrite is null or { IsCompleted: true })
            {
                _ = Begin(PingFrame);
            }
        }
    }

    /// <summary>Writes one frame; those before it go first. One that comes after the close is dropped.</summary>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        TryWrite(buffer, out var write);
        return write;
    }

    /// <summary>Writes one frame unless the close went before it; false when it did.</summary>
    public bool TryWrite(ReadOnlyMemory<byte> frame, out ValueTask write)
    {
        lock (_gate)
        {
            write = ValueTask.CompletedTask;
            if (_closeSent)
            {
                return false; // nothing may follow a close frame (RFC 6455 §5.5.1)
            }

            _closeSent = frame.Span[0] == CloseOpcode;
            if (_lastWrite is null or { IsCompleted: true })
            {
                write = Begin(frame) is { } slow ? new ValueTask(slow) : write;
                return true;
            }

            _lastWrite = WriteAfterAsync(_lastWrite, frame);
            write = new ValueTask(_lastWrite);
            return true;
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        LastRead = clock.Tick;
        return connection.ReadAsync(buffer, cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // Every write of the connection below flushes.
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            connection.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Starts a write; null when it has ended already, as it does unless the charger is slow to read.</summary>
    private Task? Begin(ReadOnlyMemory<byte> frame)
    {
        var write = connection.WriteAsync(frame, CancellationToken.None);
        if (write.IsCompletedSuccessfully)
        {
            write.GetAwaiter().GetResult();
            return null;
        }

        Volatile.Write(ref _writeBegan, clock.Tick);
        Volatile.Write(ref _lastWrite, write.AsTask());
        return _lastWrite;
    }

    private async Task WriteAfterAsync(Task before, ReadOnlyMemory<byte> frame)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Volatile.Write(ref _writeBegan, clock.Tick);
        await connection.WriteAsync(frame, CancellationToken.None);
    }
}

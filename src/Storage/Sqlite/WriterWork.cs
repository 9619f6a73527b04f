using System.Threading.Tasks.Sources;

namespace Capacitor.Storage.Sqlite;

/// <summary>Something for the writer thread: applied inside a transaction with others, then completed or failed with it.</summary>
internal abstract class WriterWork : QueuedWork
{
    /// <summary>Rows of the delivery log that it writes at most. Where there are any it goes after commits, in its own order.</summary>
    public virtual int Rows => 0;

    /// <summary>Writes, inside the transaction.</summary>
    public abstract void Apply(SqliteWrites writes);

    /// <summary>What was written is durable.</summary>
    public abstract void Complete();

    /// <summary>Nothing was written.</summary>
    public abstract void Fail(Exception exception);
}

/// <summary>A commit on its way: its own promise, so that it costs one object.</summary>
internal sealed class CommitWork(JournalCommit commit) : WriterWork, IValueTaskSource<CommitResult>
{
    // The caller goes on elsewhere: never on the writer's thread.
    private ManualResetValueTaskSourceCore<CommitResult> _promise = new() { RunContinuationsAsynchronously = true };
    private CommitResult _result;

    public ValueTask<CommitResult> Result => new(this, _promise.Version);

    public override void Apply(SqliteWrites writes) => _result = writes.Commit(commit);

    public override void Complete() => _promise.SetResult(_result);

    public override void Fail(Exception exception) => _promise.SetException(exception);

    CommitResult IValueTaskSource<CommitResult>.GetResult(short token) => _promise.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<CommitResult>.GetStatus(short token) => _promise.GetStatus(token);

    void IValueTaskSource<CommitResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _promise.OnCompleted(continuation, state, token, flags);
}

/// <summary>Other work: checkpoints of the stream, retention, the delivery log.</summary>
internal sealed class JobWork<T>(Func<SqliteWrites, T> job, int rows = 0) : WriterWork
{
    private readonly TaskCompletionSource<T> _promise = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public override int Rows => rows;

    public Task<T> Result => _promise.Task;

    public override void Apply(SqliteWrites writes) => _result = job(writes);

    public override void Complete() => _promise.SetResult(_result!);

    public override void Fail(Exception exception) => _promise.SetException(exception);
}

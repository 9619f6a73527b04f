using System.Threading.Tasks.Sources;

namespace Capacitor.Storage.Postgres;

/// <summary>A commit on its way: its own promise, so that it costs one object.</summary>
internal sealed class PendingCommit(JournalCommit commit) : QueuedWork, IValueTaskSource<CommitResult>
{
    // The caller goes on elsewhere: never on the writer's thread.
    private ManualResetValueTaskSourceCore<CommitResult> _promise = new() { RunContinuationsAsynchronously = true };

    public JournalCommit Commit => commit;

    public ValueTask<CommitResult> Result => new(this, _promise.Version);

    /// <summary>It is durable.</summary>
    public void Complete() =>
        _promise.SetResult(new(false, commit.Name is null || (commit.ExpectedVersion is null && commit.Payload is null) ? 0 : (commit.ExpectedVersion ?? 0) + 1));

    /// <summary>Somebody else has written the state; nothing of the commit is stored.</summary>
    public void Conflict(long stored) => _promise.SetResult(new(true, stored));

    public void Fail(Exception exception) => _promise.SetException(exception);

    CommitResult IValueTaskSource<CommitResult>.GetResult(short token) => _promise.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<CommitResult>.GetStatus(short token) => _promise.GetStatus(token);

    void IValueTaskSource<CommitResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _promise.OnCompleted(continuation, state, token, flags);
}

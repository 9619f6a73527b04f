namespace Capacitor.Storage;

/// <summary>
/// Many producers, one consumer that takes everything at once. Producers push with one interlocked exchange and no allocation; they wake the
/// consumer only when it said that it sleeps.
/// </summary>
internal sealed class WriterQueue<T> : IDisposable
    where T : QueuedWork
{
    private static readonly QueuedWork Asleep = new();
    private static readonly QueuedWork Closed = new();

    private readonly AutoResetEvent _wake = new(false);
    private QueuedWork? _newest;

    /// <summary>Adds work. Throws <see cref="ObjectDisposedException"/> once the queue is closed.</summary>
    public void Enqueue(T work)
    {
        var newest = Volatile.Read(ref _newest);
        while (true)
        {
            ObjectDisposedException.ThrowIf(ReferenceEquals(newest, Closed), typeof(IJournal));
            work.Next = ReferenceEquals(newest, Asleep) ? null : newest;
            var seen = Interlocked.CompareExchange(ref _newest, work, newest);
            if (ReferenceEquals(seen, newest))
            {
                break;
            }
            newest = seen;
        }
        if (ReferenceEquals(newest, Asleep))
        {
            _wake.Set();
        }
    }

    /// <summary>Appends all there is to <paramref name="taken"/>, oldest first; waits for some when there is none, unless <paramref name="wait"/> is false.</summary>
    public void Take(List<T> taken, bool wait = true)
    {
        while (true)
        {
            var newest = Interlocked.Exchange(ref _newest, null);
            if (newest is not null && !ReferenceEquals(newest, Asleep))
            {
                Unwind(newest, taken);
                return;
            }
            if (!wait)
            {
                return;
            }
            if (Interlocked.CompareExchange(ref _newest, Asleep, null) is null)
            {
                _wake.WaitOne();
            }
        }
    }

    /// <summary>Refuses all further work and appends what was left to <paramref name="left"/>.</summary>
    public void Close(List<T> left)
    {
        var newest = Interlocked.Exchange(ref _newest, Closed);
        if (newest is not null && !ReferenceEquals(newest, Asleep))
        {
            Unwind(newest, left);
        }
    }

    public void Dispose() => _wake.Dispose();

    private static void Unwind(QueuedWork newest, List<T> into)
    {
        var start = into.Count;
        for (QueuedWork? work = newest; work is not null;)
        {
            into.Add((T)work);
            var next = work.Next;
            work.Next = null;
            work = next;
        }
        into.Reverse(start, into.Count - start);
    }
}

/// <summary>Something in a <see cref="WriterQueue{T}"/>.</summary>
internal class QueuedWork
{
    /// <summary>The one enqueued before; belongs to the queue.</summary>
    public QueuedWork? Next { get; set; }
}

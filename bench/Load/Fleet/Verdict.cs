using System.Diagnostics;

namespace Capacitor.Load.Fleet;

/// <summary>What became of the events.</summary>
internal sealed class Verdict
{
    public long Due { get; private set; }

    public long Lost { get; private set; }

    public long Doubled { get; private set; }

    public long OutOfOrder { get; private set; }

    /// <summary>Events that no call stands for, or that name another transaction than the answer did.</summary>
    public long Wrong { get; private set; }

    /// <summary>From sending the frame to the POST's arrival.</summary>
    public Histogram Latency { get; } = new();

    public bool Clean => Lost + Doubled + OutOfOrder + Wrong == 0;

    public override string ToString() => Clean
        ? $"{Due:N0} events, each once and in order"
        : $"{Due:N0} events: {Lost:N0} lost, {Doubled:N0} doubled, {OutOfOrder:N0} out of order, {Wrong:N0} wrong";

    /// <summary>Compares every ledger; latencies are taken of what was sent at or after <paramref name="since"/>.</summary>
    public static Verdict Of(IEnumerable<Ledger> ledgers, long since)
    {
        var verdict = new Verdict();
        foreach (var ledger in ledgers)
        {
            verdict.Judge(ledger, since);
        }

        return verdict;
    }

    private void Judge(Ledger ledger, long since)
    {
        var due = ledger.Due;
        var open = new Dictionary<Mark, Queue<int>>();
        for (var index = 0; index < due.Length; index++)
        {
            if (!open.TryGetValue(due[index].Mark, out var places))
            {
                open[due[index].Mark] = places = new Queue<int>();
            }

            places.Enqueue(index);
        }

        Due += due.Length;
        Lost += due.Length;
        var last = -1;
        foreach (ref readonly var came in ledger.Came)
        {
            if (!open.TryGetValue(came.Mark, out var places))
            {
                Wrong++;
                continue;
            }

            if (!places.TryDequeue(out var index))
            {
                Doubled++;
                continue;
            }

            Lost--;
            OutOfOrder += index < last ? 1 : 0;
            last = Math.Max(last, index);
            Wrong += came.Transaction != due[index].Transaction ? 1 : 0;
            if (due[index].At >= since)
            {
                Latency.Add(Stopwatch.GetElapsedTime(due[index].At, came.At));
            }
        }
    }
}

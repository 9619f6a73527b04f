using System.Runtime.InteropServices;

namespace Capacitor.Load.Fleet;

/// <summary>The events that one charger's calls stand for, and those that came.</summary>
internal sealed class Ledger
{
    private readonly List<Entry> _due = [];
    private readonly List<Entry> _came = [];

    public ReadOnlySpan<Entry> Due => CollectionsMarshal.AsSpan(_due);

    public ReadOnlySpan<Entry> Came => CollectionsMarshal.AsSpan(_came);

    public void Expect(Mark mark, int transaction, long at) => _due.Add(new Entry { Mark = mark, Transaction = transaction, At = at });

    public void Arrive(Mark mark, int transaction, long at) => _came.Add(new Entry { Mark = mark, Transaction = transaction, At = at });

    /// <summary>A transaction's id is known only from the answer.</summary>
    public void NameLastTransaction(int transaction) => CollectionsMarshal.AsSpan(_due)[^1].Transaction = transaction;
}

using System.Collections.Concurrent;

namespace Capacitor.Api.Ocpp;

/// <summary>The sockets of this process by connection id, in slots so that the sweeper can look at some of them at a time.</summary>
internal sealed class SocketTable
{
    /// <summary>A full round of the sweeper takes as many steps.</summary>
    public const int Slots = 8;

    private readonly ConcurrentDictionary<long, ChargerSocket>[] _slots = new ConcurrentDictionary<long, ChargerSocket>[Slots];
    private long _lastId;
    private int _count;

    public SocketTable()
    {
        for (var i = 0; i < Slots; i++)
        {
            _slots[i] = new ConcurrentDictionary<long, ChargerSocket>();
        }
    }

    /// <summary>How many sockets there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>An id that no other socket of this process ever has.</summary>
    public long NextId() => Interlocked.Increment(ref _lastId);

    public void Add(ChargerSocket socket)
    {
        if (Slot(socket.ConnectionId).TryAdd(socket.ConnectionId, socket))
        {
            Interlocked.Increment(ref _count);
        }
    }

    public void Remove(ChargerSocket socket)
    {
        if (Slot(socket.ConnectionId).TryRemove(socket.ConnectionId, out _))
        {
            Interlocked.Decrement(ref _count);
        }
    }

    public ChargerSocket? Find(long connectionId) => Slot(connectionId).GetValueOrDefault(connectionId);

    /// <summary>The sockets of one slot, while others come and go.</summary>
    public ConcurrentDictionary<long, ChargerSocket> Slot(long connectionId) => _slots[(int)((ulong)connectionId % Slots)];

    /// <summary>All sockets, while others come and go.</summary>
    public IEnumerable<ChargerSocket> All() => _slots.SelectMany(slot => slot).Select(entry => entry.Value);
}

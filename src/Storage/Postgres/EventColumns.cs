using Capacitor.Events;
using NpgsqlTypes;

namespace Capacitor.Storage.Postgres;

/// <summary>The events of a group: each says which of the group's partitions is its own (from 1) and the how manieth it is there (from 1).</summary>
internal sealed class EventColumns
{
    private readonly List<int> _headPartitions;
    private readonly List<int> _headCounts;
    private readonly List<int> _slots;
    private readonly List<int> _offsets;
    private readonly List<string> _ids;
    private readonly List<string> _types;
    private readonly List<string> _tenants;
    private readonly List<string> _boxes;
    private readonly List<DateTime> _times;
    private readonly List<byte[]> _bodies;
    private readonly List<string?> _traces;
    private readonly List<NewEvent>[] _gathered;
    private readonly List<JournalEvent>[] _written;

    public EventColumns(CommitStatement statement, int partitions)
    {
        _headPartitions = statement.Column<int>(NpgsqlDbType.Integer);
        _headCounts = statement.Column<int>(NpgsqlDbType.Integer);
        _slots = statement.Column<int>(NpgsqlDbType.Integer);
        _offsets = statement.Column<int>(NpgsqlDbType.Integer);
        _ids = statement.Column<string>(NpgsqlDbType.Text);
        _types = statement.Column<string>(NpgsqlDbType.Text);
        _tenants = statement.Column<string>(NpgsqlDbType.Text);
        _boxes = statement.Column<string>(NpgsqlDbType.Text);
        _times = statement.Column<DateTime>(NpgsqlDbType.TimestampTz);
        _bodies = statement.Column<byte[]>(NpgsqlDbType.Bytea);
        _traces = statement.Column<string?>(NpgsqlDbType.Text);
        _gathered = [.. Enumerable.Range(0, partitions).Select(_ => new List<NewEvent>())];
        _written = [.. Enumerable.Range(0, partitions).Select(_ => new List<JournalEvent>())];
    }

    public void Begin()
    {
        for (var partition = 0; partition < _gathered.Length; partition++)
        {
            _gathered[partition].Clear();
            _written[partition].Clear();
        }
    }

    public void Gather(NewEvent[] events)
    {
        foreach (var item in events)
        {
            _gathered[Partitioning.PartitionOf(item.Tenant, _gathered.Length)].Add(item);
        }
    }

    public void Fill()
    {
        for (var partition = 0; partition < _gathered.Length; partition++)
        {
            var events = _gathered[partition];
            if (events.Count == 0)
            {
                continue;
            }
            _headPartitions.Add(partition);
            _headCounts.Add(events.Count);
            for (var n = 0; n < events.Count; n++)
            {
                Add(_headPartitions.Count, n + 1, events[n]);
            }
        }
    }

    /// <summary>What was written, given the heads that the function answered.</summary>
    public List<JournalEvent>[] Number(long[]? heads)
    {
        for (var slot = 0; slot < _headPartitions.Count; slot++)
        {
            var partition = _headPartitions[slot];
            var position = heads![slot] - _headCounts[slot];
            foreach (var item in _gathered[partition])
            {
                _written[partition].Add(new()
                {
                    Id = item.Id,
                    Type = item.Type,
                    Tenant = item.Tenant,
                    ChargeBoxId = item.ChargeBoxId,
                    At = PostgresTime.FromStored(item.At.Stored()), // as it will be read from the database
                    Body = item.Body,
                    TraceParent = item.TraceParent,
                    Position = ++position,
                });
            }
        }
        return _written;
    }

    private void Add(int slot, int offset, NewEvent item)
    {
        _slots.Add(slot);
        _offsets.Add(offset);
        _ids.Add(item.Id);
        _types.Add(item.Type);
        _tenants.Add(item.Tenant.Value);
        _boxes.Add(item.ChargeBoxId.Value);
        _times.Add(item.At.Stored());
        _bodies.Add(item.Body);
        _traces.Add(item.TraceParent);
    }
}

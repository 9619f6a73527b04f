using System.Runtime.InteropServices;
using Capacitor.Events;
using Capacitor.Tenants;
using NpgsqlTypes;

namespace Capacitor.Storage.Postgres;

/// <summary>
/// The events of a group: each says which of the group's partitions is its own (from 1) and the how manieth it is there (from 1), and the same of the
/// group's tenants.
/// </summary>
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
    private readonly List<string> _tenantNames;
    private readonly List<int> _tenantCounts;
    private readonly List<int> _tenantSlots;
    private readonly List<int> _tenantOffsets;
    private readonly List<long> _chargerSequences;
    private readonly List<int?> _transactions;
    private readonly Dictionary<TenantId, int> _slotsByTenant = [];
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
        _tenantNames = statement.Column<string>(NpgsqlDbType.Text);
        _tenantCounts = statement.Column<int>(NpgsqlDbType.Integer);
        _tenantSlots = statement.Column<int>(NpgsqlDbType.Integer);
        _tenantOffsets = statement.Column<int>(NpgsqlDbType.Integer);
        _chargerSequences = statement.Column<long>(NpgsqlDbType.Bigint);
        _transactions = statement.Column<int?>(NpgsqlDbType.Integer);
        _gathered = [.. Enumerable.Range(0, partitions).Select(_ => new List<NewEvent>())];
        _written = [.. Enumerable.Range(0, partitions).Select(_ => new List<JournalEvent>())];
    }

    public void Begin()
    {
        _slotsByTenant.Clear();
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

    /// <summary>What was written, given the heads that the function answered: of the partitions, then of the tenants.</summary>
    public List<JournalEvent>[] Number(long[]? heads)
    {
        var nth = 0;
        for (var slot = 0; slot < _headPartitions.Count; slot++)
        {
            var partition = _headPartitions[slot];
            var position = heads![slot] - _headCounts[slot];
            foreach (var item in _gathered[partition])
            {
                var tenant = _tenantSlots[nth] - 1;
                _written[partition].Add(new()
                {
                    Id = item.Id,
                    Type = item.Type,
                    Tenant = item.Tenant,
                    ChargeBoxId = item.ChargeBoxId,
                    At = PostgresTime.FromStored(item.At.Stored()), // as it will be read from the database
                    Body = item.Body,
                    TraceParent = item.TraceParent,
                    ChargerSequence = item.ChargerSequence,
                    TransactionId = item.TransactionId,
                    Position = ++position,
                    Sequence = heads[_headPartitions.Count + tenant] - _tenantCounts[tenant] + _tenantOffsets[nth],
                });
                nth++;
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
        _chargerSequences.Add(item.ChargerSequence);
        _transactions.Add(item.TransactionId);
        AddTenant(item.Tenant);
    }

    private void AddTenant(TenantId tenant)
    {
        if (!_slotsByTenant.TryGetValue(tenant, out var slot))
        {
            _tenantNames.Add(tenant.Value);
            _tenantCounts.Add(0);
            _slotsByTenant[tenant] = slot = _tenantNames.Count;
        }
        _tenantSlots.Add(slot);
        _tenantOffsets.Add(++CollectionsMarshal.AsSpan(_tenantCounts)[slot - 1]);
    }
}

using Capacitor.Records;
using NpgsqlTypes;

namespace Capacitor.Storage.Postgres;

/// <summary>The records of a group: of each only its last change, sorted, so that processes take their locks in one order.</summary>
internal sealed class RecordColumns(CommitStatement statement)
{
    private static readonly Comparison<RecordKey> ByKey = static (left, right) =>
        string.CompareOrdinal(left.Tenant.Value, right.Tenant.Value) is not 0 and var tenant ? tenant
        : string.CompareOrdinal(left.Kind, right.Kind) is not 0 and var kind ? kind
        : string.CompareOrdinal(left.Id, right.Id);

    private readonly Dictionary<RecordKey, RecordRow?> _changes = [];
    private readonly List<RecordKey> _sorted = [];

    private readonly List<string> _tenants = statement.Column<string>(NpgsqlDbType.Text);
    private readonly List<string> _kinds = statement.Column<string>(NpgsqlDbType.Text);
    private readonly List<string> _ids = statement.Column<string>(NpgsqlDbType.Text);
    private readonly List<string?> _boxes = statement.Column<string?>(NpgsqlDbType.Text);
    private readonly List<string?> _chargers = statement.Column<string?>(NpgsqlDbType.Text);
    private readonly List<string?> _parents = statement.Column<string?>(NpgsqlDbType.Text);
    private readonly List<string?> _statuses = statement.Column<string?>(NpgsqlDbType.Text);
    private readonly List<DateTime> _times = statement.Column<DateTime>(NpgsqlDbType.TimestampTz);
    private readonly List<DateTime?> _expiries = statement.Column<DateTime?>(NpgsqlDbType.TimestampTz);
    private readonly List<byte[]> _bodies = statement.Column<byte[]>(NpgsqlDbType.Bytea);
    private readonly List<string> _removedTenants = statement.Column<string>(NpgsqlDbType.Text);
    private readonly List<string> _removedKinds = statement.Column<string>(NpgsqlDbType.Text);
    private readonly List<string> _removedIds = statement.Column<string>(NpgsqlDbType.Text);

    public void Begin()
    {
        _changes.Clear();
        _sorted.Clear();
    }

    public void Gather(RecordChange[] changes)
    {
        foreach (var change in changes)
        {
            // Clean before they are told apart: the statement may not meet a row twice.
            _changes[PostgresText.Clean(change.Key)] = change.Row;
        }
    }

    public void Fill()
    {
        if (_changes.Count == 0)
        {
            return;
        }
        _sorted.AddRange(_changes.Keys);
        _sorted.Sort(ByKey);
        foreach (var key in _sorted)
        {
            Add(key, _changes[key]);
        }
    }

    private void Add(RecordKey key, RecordRow? row)
    {
        var (tenants, kinds, ids) = row is null ? (_removedTenants, _removedKinds, _removedIds) : (_tenants, _kinds, _ids);
        tenants.Add(key.Tenant.Value);
        kinds.Add(key.Kind);
        ids.Add(key.Id);
        if (row is null)
        {
            return;
        }
        var charger = PostgresText.Clean(StoredText.ChargerOrNull(row.Charger));
        _boxes.Add(charger);
        _chargers.Add(charger?.ToUpperInvariant());
        _parents.Add(PostgresText.Clean(row.Parent));
        _statuses.Add(PostgresText.Clean(row.Status));
        _times.Add(row.At.Stored());
        _expiries.Add(row.ExpiresAt?.Stored());
        _bodies.Add(row.Body);
    }
}

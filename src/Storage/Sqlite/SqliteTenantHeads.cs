using Capacitor.Tenants;

namespace Capacitor.Storage.Sqlite;

/// <summary>The last sequence of each tenant, those of the open transaction included. Read from the file when a tenant is first needed.</summary>
internal sealed class SqliteTenantHeads(SqliteDatabase database, int capacity = 16_384)
{
    private readonly SqliteStatement _read = database.Prepare("SELECT head FROM tenant_heads WHERE tenant = ?1");
    private readonly SqliteStatement _save = database.Prepare("INSERT INTO tenant_heads(tenant, head) VALUES(?1, ?2) ON CONFLICT DO UPDATE SET head = ?2");
    private readonly Dictionary<TenantId, Head> _heads = [];
    private readonly List<Head> _changed = [];

    /// <summary>The sequence of the tenant's next event.</summary>
    public long Next(TenantId tenant)
    {
        if (!_heads.TryGetValue(tenant, out var head))
        {
            head = _heads[tenant] = new(tenant, SqliteReads.One(_read.Bind(1, tenant.Value)));
        }
        if (!head.IsChanged)
        {
            head.IsChanged = true;
            _changed.Add(head);
        }
        return ++head.Last;
    }

    /// <summary>Writes what the open transaction has changed.</summary>
    public void Save()
    {
        foreach (var head in _changed)
        {
            _save.Bind(1, head.Tenant.Value).Bind(2, head.Last).Run();
        }
    }

    /// <summary>The transaction is durable.</summary>
    public void Keep()
    {
        foreach (var head in _changed)
        {
            head.IsChanged = false;
        }
        _changed.Clear();
        if (_heads.Count > capacity)
        {
            _heads.Clear();
        }
    }

    /// <summary>Nothing of the transaction stays: the file knows.</summary>
    public void Forget()
    {
        _changed.Clear();
        _heads.Clear();
    }

    private sealed class Head(TenantId tenant, long last)
    {
        public TenantId Tenant => tenant;

        public long Last { get; set; } = last;

        public bool IsChanged { get; set; }
    }
}

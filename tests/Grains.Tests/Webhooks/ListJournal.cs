using System.Text;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Records;
using Capacitor.Tenants;
using Capacitor.Transactions;

namespace Capacitor.Grains.Tests.Webhooks;

/// <summary>A journal in a list, for tests of the pump alone: it counts reads and can fail.</summary>
internal sealed class ListJournal(TimeProvider time) : IJournalReader
{
    private readonly Lock _gate = new();
    private readonly List<JournalEvent> _events = [];
    private int _reads;

    public int Reads => _reads;

    public int FailingReads { get; set; }

    /// <summary>The event at a position.</summary>
    public JournalEvent this[int position]
    {
        get
        {
            lock (_gate)
            {
                return _events[position - 1];
            }
        }
    }

    /// <summary>Adds an event at the next position.</summary>
    public JournalEvent Append(string charger, string type = EventTypes.ConnectorStatusChanged, int size = 100, string? body = null)
    {
        lock (_gate)
        {
            var position = _events.Count + 1;
            var item = new JournalEvent
            {
                Id = $"evt_{position}",
                Type = type,
                Tenant = TenantId.Default,
                ChargeBoxId = new ChargeBoxId(charger),
                At = time.GetUtcNow(),
                Body = body is null ? new byte[size] : Encoding.UTF8.GetBytes(body),
                Position = position,
            };
            _events.Add(item);
            return item;
        }
    }

    public ValueTask<long> ReadHeadAsync(TenantId tenant, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            return new(_events.Count);
        }
    }

    public ValueTask<EventPage> ReadEventsAsync(
        TenantId tenant, long after, int limit, string? type = null, ChargeBoxId? charger = null, CancellationToken cancellation = default)
    {
        Interlocked.Increment(ref _reads);
        if (FailingReads-- > 0)
        {
            throw new IOException("The journal is away.");
        }

        lock (_gate)
        {
            var page = _events.Where(item => item.Position > after && (type is null || item.Type == type)).Take(limit).ToArray();
            return new(new EventPage(page, page.Length == limit ? page[^1].Position : _events.Count));
        }
    }

    public ValueTask<Page<Charger>> ListChargersAsync(TenantId tenant, bool? online, int limit, int offset, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public ValueTask<int> CountChargersAsync(TenantId tenant, CancellationToken cancellation = default) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<string>> ListGatewaysAsync(CancellationToken cancellation = default) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<Charger>> ListOnlineAtAsync(string gatewayId, int limit, CancellationToken cancellation = default) => throw new NotSupportedException();

    public ValueTask<Page<Transaction>> ListTransactionsAsync(
        TenantId tenant, TransactionFilter filter, int limit, int offset, CancellationToken cancellation = default) => throw new NotSupportedException();

    public ValueTask<Transaction?> FindTransactionAsync(TenantId tenant, int transactionId, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public ValueTask<EventPage> ReadTransactionEventsAsync(
        TenantId tenant, int transactionId, string? type, long after, int limit, CancellationToken cancellation = default) => throw new NotSupportedException();

    public ValueTask<int> CountOpenTransactionsAsync(TenantId tenant, string idTag, CancellationToken cancellation = default) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<ChargeBoxId>> ListDueChargersAsync(DateTimeOffset now, int limit, CancellationToken cancellation = default) => throw new NotSupportedException();

    public ValueTask<RecordRow?> FindRecordAsync(RecordKey key, CancellationToken cancellation = default) => throw new NotSupportedException();

    public ValueTask<Page<RecordRow>> ListRecordsAsync(TenantId tenant, RecordFilter filter, int limit, int offset, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public ValueTask<bool> WaitForEventsAsync(TenantId tenant, long after, TimeSpan timeout, CancellationToken cancellation = default) =>
        throw new NotSupportedException();
}

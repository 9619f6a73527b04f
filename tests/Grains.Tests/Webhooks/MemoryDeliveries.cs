using Capacitor.Webhooks;
using Xunit;

namespace Capacitor.Grains.Tests.Webhooks;

/// <summary>A delivery log in memory, for tests of the pump alone: it can fail, and be watched.</summary>
internal sealed class MemoryDeliveries : IDeliveryStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Webhook, string Id), DeliveryRecord> _rows = [];

    private TaskCompletionSource _change = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int FailingWrites { get; set; }

    /// <summary>Rows that are never taken.</summary>
    public Func<DeliveryRecord, bool>? Refuses { get; set; }

    /// <summary>How often one was not.</summary>
    public int Refused { get; private set; }

    public IReadOnlyList<DeliveryRecord> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _rows.Values.OrderBy(row => row.Position)];
            }
        }
    }

    /// <summary>Waits until something is so that changes with, or soon after, what is written.</summary>
    public Task UntilAsync(Func<bool> isSo) =>
        UntilAsync(() => string.Join(", ", All.Select(row => $"{row.EventId} {row.Status} after {row.AttemptCount}")), isSo);

    /// <summary>Waits until something is so that changes with, or soon after, what is written; says how things stand when it never is.</summary>
    public async Task UntilAsync(Func<string> stand, Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!isSo())
        {
            var change = _change.Task;
            if (!isSo())
            {
                await Task.WhenAny(change, Task.Delay(20, patience.Token)); // the pump knows a moment after the log
            }

            Assert.False(patience.IsCancellationRequested, $"It did not come to be: {stand()}");
        }
    }

    public ValueTask WriteAsync(IReadOnlyList<DeliveryRecord> rows, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            if (FailingWrites-- > 0)
            {
                throw new IOException("The log is away.");
            }

            if (Refuses is { } refuses && rows.Any(refuses))
            {
                Refused++;
                throw new InvalidOperationException("That is no row.");
            }

            foreach (var row in rows)
            {
                if (!_rows.TryGetValue((row.WebhookId, row.Id), out var stored) || stored.AttemptCount <= row.AttemptCount)
                {
                    _rows[(row.WebhookId, row.Id)] = row;
                }
            }

            _change.TrySetResult();
            _change = new(TaskCreationOptions.RunContinuationsAsynchronously);

            return default;
        }
    }

    public ValueTask<DeliveryRecord?> FindAsync(string webhookId, string deliveryId, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            return new(_rows.GetValueOrDefault((webhookId, deliveryId)));
        }
    }

    public ValueTask<DeliveryPage> ListAsync(
        string webhookId, DeliveryFilter filter, string? before, int limit, CancellationToken cancellation = default) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<DeliveryRecord>> ListPendingAsync(string webhookId, int limit, CancellationToken cancellation = default) =>
        new([.. All.Where(row => row.WebhookId == webhookId && row.Status == DeliveryStatus.Pending).OrderBy(row => row.NextAttemptAt).Take(limit)]);

    public ValueTask<IReadOnlyList<long>> ListPositionsAsync(
        string webhookId, long after, long upTo, int limit, DeliveryStatus? status = null, CancellationToken cancellation = default) =>
        new([.. All.Where(row => row.WebhookId == webhookId && row.Position > after && row.Position <= upTo && (status is null || row.Status == status))
            .Select(row => row.Position).Take(limit)]);

    public ValueTask<int> CountPendingAsync(string webhookId, CancellationToken cancellation = default) =>
        new(All.Count(row => row.WebhookId == webhookId && row.Status == DeliveryStatus.Pending));

    public ValueTask<int> ExpirePendingAsync(string webhookId, DateTimeOffset now, CancellationToken cancellation = default) => throw new NotSupportedException();

    public ValueTask RemoveAsync(string webhookId, CancellationToken cancellation = default) => throw new NotSupportedException();
}

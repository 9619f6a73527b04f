using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

/// <summary>Single deliveries, and tests.</summary>
internal sealed partial class WebhookGrain
{
    private bool _testing;

    public Task<WebhookHealth> ReadHealthAsync() =>
        Task.FromResult((_pump?.ReadHealth() ?? new WebhookHealth { Status = "inactive" }) with { MissedSince = State.MissedSince });

    public async Task<DeliveryRecord?> TestAsync()
    {
        if (_settings is not { } settings)
        {
            return null;
        }

        if (_testing)
        {
            throw new RefusedException(RefusalKind.Conflict, $"A test of webhook {Id} is under way. Wait for its answer.");
        }

        _testing = true;
        try
        {
            return await TestAsync(settings);
        }
        finally
        {
            _testing = false;
        }
    }

    private async Task<DeliveryRecord> TestAsync(WebhookSettings settings)
    {
        var now = time.GetUtcNow();
        var target = new WebhookTarget(settings);
        var item = new JournalEvent
        {
            Id = RandomId.New("evt_"),
            Type = EventTypes.WebhookTest,
            Tenant = settings.Tenant,
            ChargeBoxId = ChargeBoxId.None,
            At = now,
            Body = BodyOf(EventTypes.WebhookTest, now, null),
            Position = await journal.ReadHeadAsync(settings.Tenant),
        };
        using var deadline = new AttemptDeadline(time);
        var result = await pumps.Sender.SendAsync(
            target, new Posting(item, Trigger: AttemptTrigger.Test), deadline.Start(target.Policy.Timeout ?? pumps.Options.Timeout));
        var row = new DeliveryRecord
        {
            Id = DeliveryId.Derive(settings.WebhookId, item.Id, item.Position),
            WebhookId = settings.WebhookId,
            Tenant = settings.Tenant,
            Position = item.Position,
            EventId = item.Id,
            EventType = item.Type,
            ChargeBoxId = item.ChargeBoxId,
            EventAt = now,
            Status = result.Outcome is DeliveryOutcome.Delivered ? DeliveryStatus.Delivered : DeliveryStatus.Exhausted,
            CreatedAt = now,
            UpdatedAt = time.GetUtcNow(),
            AttemptCount = 1,
            Budget = 1,
            ExpiresAt = now + settings.LogRetention,
            Attempts = [result.Attempt],
        };
        if (_settings is null)
        {
            return row; // removed meanwhile
        }

        try
        {
            await deliveries.WriteAsync([row]);
        }
        catch (Exception failure)
        {
            Log.TestNotKept(logger, failure, Id); // the caller wants to know how the endpoint answered
        }

        return row;
    }

    public async Task<DeliveryRecord?> RedeliverAsync(string deliveryId)
    {
        await pumps.Log.FlushAsync().WaitAsync(EndGrace, time);
        if (await deliveries.FindAsync(Id, deliveryId) is not { } row)
        {
            return null;
        }

        if (_pump is not { } pump)
        {
            throw new RefusedException(RefusalKind.Conflict, $"Webhook {Id} is inactive. Activate it first.");
        }

        if (pump.Pending >= 2 * pumps.Options.MaxPending)
        {
            throw new RefusedException(RefusalKind.Conflict, $"{pump.Pending} deliveries of webhook {Id} wait for an attempt. Let some of them end first.");
        }

        if (row.EventType == EventTypes.WebhookTest || !await IsKeptAsync(row))
        {
            throw new RefusedException(RefusalKind.Conflict, $"The event {row.EventId} is kept no longer, so it cannot be delivered again.");
        }

        var now = time.GetUtcNow();
        var again = row with
        {
            Status = DeliveryStatus.Pending,
            UpdatedAt = now,
            NextAttemptAt = now,
            Budget = row.Status == DeliveryStatus.Pending ? row.Budget : row.AttemptCount + 1,
        };
        await deliveries.WriteAsync([again]);
        pump.Redeliver(again);
        Follow();
        return again;
    }

    private async Task<bool> IsKeptAsync(DeliveryRecord row) =>
        (await journal.ReadEventsAsync(row.Tenant, row.Position - 1, 1)).Events is [var item] && item.Position == row.Position;
}

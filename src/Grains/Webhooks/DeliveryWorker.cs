using System.Diagnostics;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

/// <summary>Makes one attempt after another, of whatever is next, until nothing is.</summary>
internal sealed class DeliveryWorker(DeliveryPump pump, WebhookSender sender, AttemptDeadline deadline) : IThreadPoolWorkItem, IDisposable
{
    /// <summary>What to begin with.</summary>
    public Job? Job { get; set; }

    /// <inheritdoc/>
    public void Execute() => _ = RunAsync();

    /// <inheritdoc/>
    public void Dispose() => deadline.Dispose();

    private async Task RunAsync()
    {
        var job = Job;
        Job = null;
        while (job is not null)
        {
            var (posting, row) = job switch
            {
                Delivery live => (new Posting(live.Event, Gap: live.Gap), null),
                ReplayDelivery replayed => await LoadAsync(replayed),
                _ => await LoadAsync((Retry)job),
            };
            if (posting is { } ready)
            {
                var target = pump.Target;
                var began = pump.Timestamp;
                var span = DeliveryTrace.Begin(ready.Event, target);
                AttemptResult result;
                try
                {
                    result = await sender.SendAsync(target, ready, deadline.Start(pump.TimeoutOf(target)));
                }
                catch (Exception fault)
                {
                    result = pump.Fault(ready, target, fault, began);
                }

                deadline.End();
                DeliveryTrace.End(span, result.Outcome);
                pump.Conclude(job, target, ready, row, result, began);
            }

            job = pump.Next(this, job);
        }
    }

    private async Task<(Posting? Posting, DeliveryRecord? Row)> LoadAsync(Retry retry)
    {
        try
        {
            return await pump.LoadAsync(retry) is var (posting, row) ? (posting, row) : (null, null);
        }
        catch (Exception failure)
        {
            pump.PutOff(retry, failure);
            return (null, null);
        }
    }

    private async Task<(Posting? Posting, DeliveryRecord? Row)> LoadAsync(ReplayDelivery replayed)
    {
        try
        {
            var row = await pump.LoadAsync(replayed);
            return (new Posting(replayed.Delivery.Event, (row?.AttemptCount ?? 0) + 1, AttemptTrigger.Replay), row);
        }
        catch (Exception failure)
        {
            pump.PutOff(replayed, failure);
            return (null, null);
        }
    }
}

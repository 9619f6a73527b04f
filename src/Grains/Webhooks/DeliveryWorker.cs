namespace Capacitor.Grains.Webhooks;

/// <summary>Posts one event after another, of whichever charger is next, until none is ready.</summary>
internal sealed class DeliveryWorker(DeliveryPump pump, WebhookSender sender, AttemptDeadline deadline) : IThreadPoolWorkItem, IDisposable
{
    /// <inheritdoc/>
    public void Execute() => _ = RunAsync();

    /// <inheritdoc/>
    public void Dispose() => deadline.Dispose();

    private async Task RunAsync()
    {
        Delivery? done = null;
        while (pump.Next(this, done, out var target) is { } delivery)
        {
            DeliveryOutcome outcome;
            var span = DeliveryTrace.Begin(delivery.Event, target);
            try
            {
                outcome = (await sender.SendAsync(target, new Posting(delivery.Event), deadline.Start())).Outcome;
            }
            catch (Exception fault)
            {
                outcome = pump.Fault(delivery, target, fault);
            }

            deadline.End();
            DeliveryTrace.End(span, outcome);
            pump.Report(delivery, target, outcome);
            done = delivery;
        }
    }
}

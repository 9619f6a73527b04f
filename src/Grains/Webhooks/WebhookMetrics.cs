using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Capacitor.Grains.Webhooks;

/// <summary>What happens to deliveries, in numbers.</summary>
internal sealed class WebhookMetrics
{
    private readonly ConcurrentDictionary<DeliveryPump, byte> _pumps = new();
    private readonly Counter<long> _attempts;
    private readonly Histogram<double> _age;

    public WebhookMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Capacitor");
        _attempts = meter.CreateCounter<long>("capacitor.webhook.attempts", "{attempt}", "Posts to webhooks, by outcome");
        _age = meter.CreateHistogram(
            "capacitor.webhook.event_age",
            "s",
            "From an event to the end of its delivery",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600, 3600] });
        meter.CreateObservableUpDownCounter("capacitor.webhook.in_flight", () => Sum(pump => pump.InFlight), "{request}", "Requests to webhooks under way");
        meter.CreateObservableUpDownCounter("capacitor.webhook.waiting", () => Sum(pump => pump.Waiting), "{event}", "Events in memory that wait for a webhook");
        meter.CreateObservableUpDownCounter("capacitor.webhook.pending", () => Sum(pump => pump.Pending), "{event}", "Events that wait for another attempt");
        meter.CreateObservableUpDownCounter("capacitor.webhook.left_alone", () => Sum(pump => pump.IsOpen ? 1 : 0), "{webhook}", "Webhooks whose endpoint failed so often that it is only asked now and then");
        meter.CreateObservableGauge("capacitor.webhook.backlog_age", OldestBacklog, "s", "How long the oldest event has waited that some webhook has not had; 0 when none waits");
    }

    /// <summary>An attempt ended.</summary>
    public void Attempted(DeliveryOutcome outcome, TimeSpan age)
    {
        _attempts.Add(1, new KeyValuePair<string, object?>("outcome", outcome.Word));
        if (outcome is DeliveryOutcome.Delivered)
        {
            _age.Record(age.TotalSeconds);
        }
    }

    /// <summary>Counts a webhook in.</summary>
    public void Track(DeliveryPump pump) => _pumps.TryAdd(pump, 0);

    /// <summary>Counts a webhook out.</summary>
    public void Forget(DeliveryPump pump) => _pumps.TryRemove(pump, out _);

    private double OldestBacklog()
    {
        var oldest = TimeSpan.Zero;
        foreach (var (pump, _) in _pumps)
        {
            if (pump.Backlog is { } backlog && backlog > oldest)
            {
                oldest = backlog;
            }
        }

        return oldest.TotalSeconds;
    }

    private long Sum(Func<DeliveryPump, int> count)
    {
        long sum = 0;
        foreach (var (pump, _) in _pumps)
        {
            sum += count(pump);
        }

        return sum;
    }
}

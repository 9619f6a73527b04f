using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Capacitor.Storage.Streams;

namespace Capacitor.Storage;

internal sealed class JournalMetrics : IDisposable
{
    private readonly ConcurrentDictionary<int, JournalQueueReceiver> _receivers = [];
    private readonly Meter _meter;
    private readonly Counter<long> _commits;
    private readonly Counter<long> _conflicts;
    private readonly Counter<long> _events;
    private readonly Counter<long> _failures;
    private readonly Histogram<int> _groupSize;
    private readonly Histogram<double> _commitDuration;

    public JournalMetrics(IMeterFactory meters)
    {
        _meter = meters.Create("Capacitor");
        _commits = _meter.CreateCounter<long>("capacitor.journal.commits", "{commit}", "Commits that became durable.");
        _conflicts = _meter.CreateCounter<long>("capacitor.journal.conflicts", "{commit}", "Commits refused because the state had changed.");
        _events = _meter.CreateCounter<long>("capacitor.journal.events", "{event}", "Events that became durable.");
        _failures = _meter.CreateCounter<long>("capacitor.journal.failures", "{commit}", "Commits lost to a failure of the store; their callers were told.");
        _groupSize = _meter.CreateHistogram("capacitor.journal.group.size", "{commit}", "Commits per transaction.",
            advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] });
        _commitDuration = _meter.CreateHistogram("capacitor.journal.commit.duration", "s", "Time of one transaction.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1] });
        _meter.CreateObservableGauge("capacitor.stream.undelivered", Undelivered, "{event}", "Events read from a partition that not every subscriber has had yet.");
    }

    /// <summary>Counts in the receiver of a partition, in place of an earlier one.</summary>
    public void Track(int partition, JournalQueueReceiver receiver) => _receivers[partition] = receiver;

    public void Committed(int groupSize, int commits, int conflicts, int events, TimeSpan duration)
    {
        _commits.Add(commits);
        _events.Add(events);
        if (conflicts > 0)
        {
            _conflicts.Add(conflicts);
        }
        _groupSize.Record(groupSize);
        _commitDuration.Record(duration.TotalSeconds);
    }

    public void Failed(int groupSize) => _failures.Add(groupSize);

    private IEnumerable<Measurement<long>> Undelivered() =>
        from entry in _receivers
        where !entry.Value.IsShutDown // its partition is another silo's now
        select new Measurement<long>(entry.Value.Undelivered, new KeyValuePair<string, object?>("partition", entry.Key));

    public void Dispose() => _meter.Dispose();
}

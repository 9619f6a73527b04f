using System.Diagnostics;
using Capacitor.Load.Servers;
using Capacitor.Load.Sink;

namespace Capacitor.Load.Scenarios.Webhooks;

/// <summary>How fast a sink is posted to, and what each post costs whoever posts.</summary>
/// <param name="PerSecond">Posts.</param>
/// <param name="CpuMilliseconds">Processor time of the poster a post.</param>
/// <param name="OwnCpuMilliseconds">And of the sink.</param>
internal sealed record DeliveryRate(double PerSecond, double CpuMilliseconds, double OwnCpuMilliseconds)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Measures from the first count to the second.</summary>
    public static async Task<DeliveryRate> MeasureAsync(EventSink sink, Func<double> cpu, long from, long to)
    {
        await ComeAsync(sink, from);
        var (since, before, own, first) = (Stopwatch.GetTimestamp(), cpu(), Environment.CpuUsage.TotalTime, sink.Requests);
        await ComeAsync(sink, to);
        var (seconds, posts) = (Stopwatch.GetElapsedTime(since).TotalSeconds, sink.Requests - first);
        return new DeliveryRate(posts / seconds, (cpu() - before) / posts, (Environment.CpuUsage.TotalTime - own).TotalMilliseconds / posts);
    }

    private static async Task ComeAsync(EventSink sink, long count)
    {
        for (var patience = Stopwatch.StartNew(); sink.Requests < count;)
        {
            if (patience.Elapsed > Patience)
            {
                throw new InvalidOperationException($"Only {sink.Requests:N0} of {count:N0} posts came.");
            }

            await Task.Delay(2);
        }
    }

    /// <summary>Waits until nothing more has come for a second.</summary>
    public static async Task SettleAsync(EventSink sink)
    {
        long before;
        do
        {
            before = sink.Requests;
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
        while (sink.Requests > before);
    }

    public override string ToString() => $"{PerSecond:N0} posts/s, {CpuMilliseconds:0.0000} ms CPU each (the sink's {OwnCpuMilliseconds:0.0000})";
}

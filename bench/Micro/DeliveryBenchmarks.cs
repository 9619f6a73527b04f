using System.Text;
using BenchmarkDotNet.Attributes;
using Capacitor.Events;
using Capacitor.Grains.Webhooks;

namespace Capacitor.Micro;

/// <summary>What one event costs on its way to one webhook, HTTP apart.</summary>
[MemoryDiagnoser]
public class DeliveryBenchmarks
{
    private const int Slice = 512;

    private readonly byte[] _body = Encoding.UTF8.GetBytes(
        """{"event":"transaction.started","timestamp":"2026-02-06T14:30:00.000Z","data":{"transactionId":12345,"chargeBoxId":"CHARGER-001","connectorId":1,"idTag":"USER001","meterStart":0}}""");

    private readonly SigningKey _key;
    private readonly EventFilter _some = new([EventTypes.TransactionStarted, EventTypes.TransactionStopped]);
    private readonly JournalEvent[] _events;
    private readonly List<JournalEvent> _matching = new(Slice);
    private readonly DeliveryLanes _lanes = new();
    private readonly Queue<Delivery> _started = new();

    /// <summary>Makes a slice of events of a hundred chargers.</summary>
    public DeliveryBenchmarks()
    {
        _events = [.. Enumerable.Range(1, Slice).Select(position => TestEvent.Make(position, position % 100, _body))];
        if (!SigningKey.TryParse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", out var key))
        {
            throw new InvalidOperationException("The secret is not base64.");
        }

        _key = key;
    }

    /// <summary>Signs one delivery.</summary>
    [Benchmark]
    public string Sign() => _key.Sign("evt_2KWPBgLlAfxdpx2AI54pPJ85f4W", "1770388200", _body);

    /// <summary>Matches a slice of events to one webhook.</summary>
    [Benchmark(OperationsPerInvoke = Slice)]
    public int Match()
    {
        _matching.Clear();
        _some.Collect(_events, 0, _matching);
        return _matching.Count;
    }

    /// <summary>Takes events through their chargers' lanes.</summary>
    [Benchmark(OperationsPerInvoke = Slice)]
    public int PassThroughLanes()
    {
        foreach (var item in _events)
        {
            _lanes.Add(item);
        }

        while (_lanes.Count > 0)
        {
            while (_lanes.TryStart(out var delivery))
            {
                _started.Enqueue(delivery);
            }

            while (_started.TryDequeue(out var done))
            {
                _lanes.Finish(done);
            }
        }

        return _lanes.Count;
    }
}

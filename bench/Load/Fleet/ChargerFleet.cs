using System.Diagnostics;
using Capacitor.Load.Servers;
using Capacitor.Load.Sink;

namespace Capacitor.Load.Fleet;

/// <summary>The chargers of a run, their subscriber and what is counted of both.</summary>
internal sealed class ChargerFleet : IDisposable
{
    private readonly LoadCharger[] _chargers;
    private readonly EventSink? _sink;
    private readonly int _first;
    private long _strangers;

    /// <summary>Chargers whose events are heard by <paramref name="hearers"/> sinks of others; nothing is registered or connected yet.</summary>
    public ChargerFleet(Server server, int first, int size, IPace pace, int hearers = 1)
    {
        _first = first;
        Tally.Hearers = hearers;
        var fronts = server.EndPoints;
        _chargers = new LoadCharger[size];
        for (var index = 0; index < size; index++)
        {
            _chargers[index] = new LoadCharger(first + index, fronts[index % fronts.Count], "/ocpp/", pace, Tally, hearers);
        }
    }

    private ChargerFleet(Server server, int size, IPace pace, bool forgiveRepeats)
        : this(server, 0, size, pace)
    {
        _sink = new EventSink(Hear(0), forgiveRepeats ? new Repeats() : null);
    }

    public Tally Tally { get; } = new();

    public IReadOnlyList<LoadCharger> Chargers => _chargers;

    /// <summary>Events that came of chargers that are not of this fleet.</summary>
    public long Strangers => Volatile.Read(ref _strangers);

    /// <summary>Events that came again under the id that they had before; they are counted only where they are forgiven.</summary>
    public long Repeated => _sink?.Repeats?.Count ?? 0;

    /// <summary>Registers the chargers and the sink; nothing is connected yet. Repeats are events of which a receiver knows the id; to know them costs time.</summary>
    public static async Task<ChargerFleet> RegisterAsync(Server server, int size, IPace pace, bool forgiveRepeats = false)
    {
        var fleet = new ChargerFleet(server, size, pace, forgiveRepeats);
        await Registration.RegisterChargersAsync(server, size);
        await Registration.RegisterSinkAsync(server, fleet._sink!.Url);
        return fleet;
    }

    /// <summary>Kills and starts the server, so that nothing of the registration is left in its memory.</summary>
    public async Task RestartAsync(Server server)
    {
        await server.RestartAsync();
        if (server.Target.Forgets)
        {
            await Registration.RegisterSinkAsync(server, _sink!.Url);
        }
    }

    /// <summary>Waits until as many events came as are due, and a moment for those that are too many.</summary>
    public async Task<TimeSpan> DrainAsync(TimeSpan deadline)
    {
        var clock = Stopwatch.StartNew();
        await Task.WhenAny(Tally.DrainedAsync(), Task.Delay(deadline));
        var took = clock.Elapsed;
        await Task.Delay(250);
        return took;
    }

    public Verdict Verify(long since = 0) => Verdict.Of(_chargers.SelectMany(charger => charger.Ledgers), since);

    public void Dispose()
    {
        foreach (var charger in _chargers)
        {
            charger.Dispose();
        }

        _sink?.Dispose();
    }

    /// <summary>What the sink of a subscriber is to tell.</summary>
    public Action<int, Mark, int> Hear(int hearer) => (charger, mark, transaction) =>
    {
        if ((uint)(charger - _first) >= (uint)_chargers.Length)
        {
            _strangers++;
            return;
        }

        _chargers[charger - _first].Ledgers[hearer].Arrive(mark, transaction, Stopwatch.GetTimestamp());
        Tally.EventCame();
    };
}

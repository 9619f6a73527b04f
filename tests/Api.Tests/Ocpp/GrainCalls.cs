using System.Collections.Concurrent;
using System.Threading.Channels;
using Capacitor.Chargers;
using Orleans;

namespace Capacitor.Api.Tests.Ocpp;

/// <summary>Sees every call of charger grains in the server under test: tests wait for what it has seen, hold calls up, and make them fail.</summary>
internal sealed class GrainCalls : IIncomingGrainCallFilter
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Func<GrainCall, Task>> _before = new();
    private readonly ConcurrentDictionary<string, Func<GrainCall, Task>> _after = new();
    private readonly ConcurrentDictionary<string, Channel<GrainCall>> _done = new();

    /// <summary>Runs whenever a gateway says that it is alive; what it throws is what the gateway gets.</summary>
    public Func<Task>? BeforeRenewal { get; set; }

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.Grain is IGatewaysGrain && context.MethodName == nameof(IGatewaysGrain.RenewLeaseAsync) && BeforeRenewal is { } renewal)
        {
            await renewal();
        }

        if (context.Grain is not IChargerGrain)
        {
            await context.Invoke();
            return;
        }

        var key = context.TargetId.Key.ToString()!;
        var call = new GrainCall(context.MethodName, [.. Arguments(context)]);
        if (_before.TryGetValue(key, out var before))
        {
            await before(call);
        }

        await context.Invoke();
        if (_after.TryGetValue(key, out var after))
        {
            await after(call);
        }

        Done(key).Writer.TryWrite(call);
    }

    /// <summary>Runs before each call of this charger's grain; what it throws is what the caller gets.</summary>
    public void Before(string chargeBoxId, Func<GrainCall, Task> action) => _before[new ChargeBoxId(chargeBoxId).GrainKey] = action;

    /// <summary>Runs after each call of this charger's grain, when it has committed; what it throws is what the caller gets instead of the answer.</summary>
    public void After(string chargeBoxId, Func<GrainCall, Task> action) => _after[new ChargeBoxId(chargeBoxId).GrainKey] = action;

    /// <summary>Waits until such a call of this charger's grain has ended well.</summary>
    public async Task<GrainCall> WaitForAsync(string chargeBoxId, string method)
    {
        var calls = Done(new ChargeBoxId(chargeBoxId).GrainKey).Reader;
        while (true)
        {
            var call = await calls.ReadAsync().AsTask().WaitAsync(Patience);
            if (call.Method == method)
            {
                return call;
            }
        }
    }

    /// <summary>The ended calls so far that nobody waited for.</summary>
    public IReadOnlyList<GrainCall> TakeAll(string chargeBoxId)
    {
        var calls = new List<GrainCall>();
        while (Done(new ChargeBoxId(chargeBoxId).GrainKey).Reader.TryRead(out var call))
        {
            calls.Add(call);
        }

        return calls;
    }

    private Channel<GrainCall> Done(string key) => _done.GetOrAdd(key, _ => Channel.CreateUnbounded<GrainCall>());

    private static IEnumerable<object?> Arguments(IIncomingGrainCallContext context) =>
        Enumerable.Range(0, context.Request.GetArgumentCount()).Select(context.Request.GetArgument);
}

/// <summary>A call of a charger's grain.</summary>
internal sealed record GrainCall(string Method, object?[] Arguments)
{
    /// <summary>The OCPP action of a <c>ReceiveAsync</c>; null for other methods.</summary>
    public string? Action => (Arguments.FirstOrDefault() as ChargerCall)?.Action;
}

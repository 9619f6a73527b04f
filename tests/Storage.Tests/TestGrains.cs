using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using Capacitor.Events;
using Capacitor.Tenants;
using Orleans.Providers;
using Orleans.Runtime;
using Orleans.Storage;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace Capacitor.Storage.Tests;

/// <summary>What subscribers were given, in its order, over all their lives.</summary>
internal sealed class Seen
{
    private readonly Channel<(TenantId Tenant, EventSlice Slice, long At)> _slices = Channel.CreateUnbounded<(TenantId, EventSlice, long)>();

    /// <summary>Answers true for a slice that its reader refuses.</summary>
    public Func<EventSlice, bool> Refuses { get; set; } = _ => false;

    public void Add(TenantId tenant, EventSlice slice)
    {
        if (Refuses(slice))
        {
            throw new InvalidOperationException("Refused.");
        }
        _slices.Writer.TryWrite((tenant, slice, Stopwatch.GetTimestamp()));
    }

    public async Task<(TenantId Tenant, EventSlice Slice, long At)> NextAsync()
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        return await _slices.Reader.ReadAsync(patience.Token);
    }

    /// <summary>Slices until <paramref name="events"/> different events were in them.</summary>
    public async Task<List<(TenantId Tenant, EventSlice Slice, long At)>> TakeAsync(int events)
    {
        List<(TenantId, EventSlice, long)> taken = [];
        HashSet<(TenantId, long)> positions = [];
        while (positions.Count < events)
        {
            var next = await NextAsync();
            taken.Add(next);
            positions.UnionWith(next.Slice.Events.Select(e => (next.Tenant, e.Position)));
        }
        return taken;
    }
}

[ImplicitStreamSubscription(EventStream.Namespace)]
[GrainType("test-reader")]
internal sealed class ReaderGrain(Seen seen) : Grain, IGrainWithStringKey, IStreamSubscriptionObserver, IAsyncObserver<EventSlice>
{
    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<EventSlice>().ResumeAsync(this);

    public Task OnNextAsync(EventSlice item, StreamSequenceToken? token = null)
    {
        seen.Add(TenantId.FromGrainKey(this.GetPrimaryKeyString()), item);
        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
}

[GenerateSerializer, Alias("test.counter-state")]
internal sealed class CounterState : IHasOutbox
{
    [Id(0)]
    public int Count { get; set; }

    [field: NonSerialized]
    public Outbox Outbox { get; } = new();
}

[Alias("test.ICounterGrain")]
internal interface ICounterGrain : IGrainWithStringKey
{
    /// <summary>Counts one more; answers what is stored then and what is left in the outbox.</summary>
    [Alias("Count")]
    Task<(int Count, int OutboxLeft)> CountAsync(string eventId);

    [Alias("Clear")]
    Task<bool> ClearAsync();

    [Alias("Read")]
    Task<(int Count, bool Exists, string? ETag)> ReadAsync();

    [Alias("Deactivate")]
    Task DeactivateAsync();
}

[GrainType("test-counter")]
internal sealed class CounterGrain([PersistentState("test-counter", EventStream.Provider)] IPersistentState<CounterState> state) : Grain, ICounterGrain
{
    public async Task<(int Count, int OutboxLeft)> CountAsync(string eventId)
    {
        state.State.Count++;
        state.State.Outbox.Events.Add(Make.Event(eventId));
        try
        {
            await state.WriteStateAsync();
        }
        catch (InconsistentStateException) when (state.State.Outbox.Events.Count != 1)
        {
            throw new InvalidOperationException("The outbox was emptied though nothing was written.");
        }
        return (state.State.Count, state.State.Outbox.Events.Count);
    }

    public async Task<bool> ClearAsync()
    {
        await state.ClearStateAsync();
        return state.RecordExists;
    }

    public Task<(int Count, bool Exists, string? ETag)> ReadAsync() => Task.FromResult((state.State.Count, state.RecordExists, (string?)state.Etag));

    public Task DeactivateAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

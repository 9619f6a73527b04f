using System.Globalization;
using Capacitor.Events;
using Capacitor.Tenants;
using Capacitor.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Capacitor.Api.Tests.Security;

/// <summary>What a key may do in a day and at once, over restarts and while the store is away.</summary>
public sealed class CallLimitTests
{
    private const string Path = "/api/v1/chargers";

    private static readonly Dictionary<string, string?> SmallBurst = new()
    {
        ["Capacitor:Tiers:Free:CallsPerSecond"] = "0.05", ["Capacitor:Tiers:Free:CallsAtOnce"] = "3",
    };

    [Fact]
    public async Task Restart_InTheMiddleOfTheDay_GoesOnCountingWhereItWas()
    {
        await using var server = await CapacitorServer.StartAsync();
        var tenant = await server.AddTenantAsync(Tier.Starter);
        for (var call = 0; call < 25; call++)
        {
            Assert.Equal(200, (await tenant.Http.SendAsync("GET", Path)).Status);
        }

        await server.RestartAsync();

        Assert.Equal("974", (await tenant.Http.SendAsync("GET", Path)).Header("RateLimit-Remaining"));
    }

    [Fact]
    public async Task Burst_UsedUp_IsRefusedInWordsAndDoesNotCountAgainstTheDay()
    {
        await using var server = await CapacitorServer.StartAsync(SmallBurst);
        var tenant = await server.AddTenantAsync(Tier.Free);
        for (var call = 0; call < 3; call++)
        {
            Assert.Equal(200, (await tenant.Http.SendAsync("GET", Path)).Status);
        }

        for (var call = 0; call < 2; call++)
        {
            var refused = await tenant.Http.SendAsync("GET", Path);
            refused.AssertError(429, "RATE_LIMIT_ERROR", "at once with this API key: 0.05 a second are allowed, and 3 after a rest");
            Assert.InRange(int.Parse(refused.Header("Retry-After")!, CultureInfo.InvariantCulture), 1, 20);
            Assert.Equal("47", refused.Header("RateLimit-Remaining"));
        }
    }

    [Fact]
    public async Task Burst_OfOneKey_LeavesTheOtherKeysAlone()
    {
        await using var server = await CapacitorServer.StartAsync(SmallBurst);
        var tenant = await server.AddTenantAsync(Tier.Free);
        var second = await server.Grains.GetGrain<ITenantGrain>(tenant.Id.GrainKey).CreateKeyAsync("second");
        List<int> statuses = [];
        for (var call = 0; call < 4; call++)
        {
            statuses.Add((await tenant.Http.SendAsync("GET", Path)).Status);
        }

        Assert.Equal([200, 200, 200, 429], statuses);
        Assert.Equal(200, (await server.ClientOf("X-API-Key", second.Key).SendAsync("GET", Path)).Status);
    }

    [Fact]
    public async Task Storage_FailsForTheCounter_CallsGoOnAndTheNextBlockIsStoredWhenItIsBack()
    {
        var storage = new CounterStorage();
        await using var server = await CapacitorServer.StartAsync(configure: builder => storage.Wrap(builder.Services));
        var tenant = await server.AddTenantAsync(Tier.Free);
        storage.Fails = true;
        for (var left = 49; left >= 40; left--)
        {
            var reply = await tenant.Http.SendAsync("GET", Path);
            Assert.Equal((200, $"{left}"), (reply.Status, reply.Header("RateLimit-Remaining")));
        }

        Assert.InRange(storage.Failures, 1, 2); // not one for each call

        storage.Fails = false;
        await server.RestartAsync();

        Assert.Equal(200, (await tenant.Http.SendAsync("GET", Path)).Status);
    }

    [Fact]
    public async Task Storage_HangsForTheCounter_CallsWaitAMomentOnceAndGoOn()
    {
        var storage = new CounterStorage();
        await using var server = await CapacitorServer.StartAsync(configure: builder => storage.Wrap(builder.Services));
        var tenant = await server.AddTenantAsync(Tier.Free);
        var hang = storage.Hang();
        for (var left = 49; left >= 40; left--)
        {
            var reply = await tenant.Http.SendAsync("GET", Path);
            Assert.Equal((200, $"{left}"), (reply.Status, reply.Header("RateLimit-Remaining")));
        }

        Assert.Equal(1, storage.Writes);
        hang.SetResult();
    }

    [Fact]
    public async Task Calls_OfAWholeDay_AreStoredInAboutAHundredWrites()
    {
        var storage = new CounterStorage();
        var settings = new Dictionary<string, string?> { ["Capacitor:Tiers:Starter:CallsPerSecond"] = "" };
        await using var server = await CapacitorServer.StartAsync(settings, builder => storage.Wrap(builder.Services));
        var tenant = await server.AddTenantAsync(Tier.Starter);
        var grain = server.Grains.GetGrain<ITenantGrain>(tenant.Id.GrainKey);
        var key = (await grain.ListKeysAsync())[0].Id;
        var allowed = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 1_100), async (_, _) =>
        {
            if ((await grain.EnterAsync(key))!.WithinDailyLimit)
            {
                Interlocked.Increment(ref allowed);
            }
        });

        Assert.Equal(1_000, allowed);
        Assert.InRange(storage.Writes, 10, 115);
    }

    /// <summary>Stands before the store of cold state, and before the count of calls only.</summary>
    private sealed class CounterStorage : IGrainStorage
    {
        private IGrainStorage _store = null!;
        private Task _hang = Task.CompletedTask;
        private int _writes;
        private int _failures;

        public bool Fails { get; set; }

        public int Writes => _writes;

        public int Failures => _failures;

        public TaskCompletionSource Hang()
        {
            var hang = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _hang = hang.Task;
            return hang;
        }

        public void Wrap(IServiceCollection services)
        {
            var store = services.Single(service => service.IsKeyedService && service.ServiceType == typeof(IGrainStorage) && Equals(service.ServiceKey, EventStream.ColdStorage));
            services.Remove(store);
            services.AddKeyedSingleton<IGrainStorage>(EventStream.ColdStorage, (provider, key) =>
            {
                _store = (IGrainStorage)store.KeyedImplementationFactory!(provider, key);
                return this;
            });
        }

        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => _store.ReadStateAsync(stateName, grainId, grainState);

        public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            if (stateName == "daily-calls")
            {
                Interlocked.Increment(ref _writes);
                await _hang;
                if (Fails)
                {
                    Interlocked.Increment(ref _failures);
                    throw new IOException("The disk is full.");
                }
            }

            await _store.WriteStateAsync(stateName, grainId, grainState);
        }

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => _store.ClearStateAsync(stateName, grainId, grainState);
    }
}

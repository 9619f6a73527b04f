using System.Net;
using Capacitor.Events;
using Capacitor.Storage.Postgres;
using Capacitor.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Storage;

namespace Capacitor.Storage.Tests.Postgres;

/// <summary>Every query that Orleans looks for, asked by Orleans itself.</summary>
public sealed class OrleansTablesTests : IAsyncLifetime
{
    private string _database = "";
    private ClusterSilo _silo = null!;

    public async Task InitializeAsync()
    {
        _database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        _silo = await ClusterSilo.StartAsync(_database);
    }

    public async Task DisposeAsync() => await _silo.DisposeAsync();

    [Fact]
    public async Task Storage_WriteReadClear_KeepTheirPromises()
    {
        var grain = _silo.Grains.GetGrain<IColdGrain>("t/one");
        Assert.Equal(("", false), await grain.ReadAsync());
        Assert.Equal("1", await grain.WriteAsync("first"));
        Assert.Equal("2", await grain.WriteAsync("second"));
        Assert.Equal(("second", true), await grain.ReadAgainAsync());
        await grain.ClearAsync();
        Assert.Equal(("", false), await grain.ReadAgainAsync());
        Assert.Equal("4", await grain.WriteAsync("third"));
    }

    [Fact]
    public async Task Storage_FirstWritesThatRace_OneWinsEachTime()
    {
        var storage = _silo.Services.GetRequiredKeyedService<IGrainStorage>(EventStream.ColdStorage);
        for (var round = 0; round < 20; round++)
        {
            var id = GrainId.Create("test-cold", $"t/race-{round}");
            var writes = Enumerable.Range(0, 8).Select(n => Task.Run(() => storage.WriteStateAsync("test-cold", id, new GrainState<ColdState>(new() { Text = $"{n}" })))).ToArray();
            await Task.WhenAll(writes).ContinueWith(_ => { }, TaskScheduler.Default);

            Assert.Equal(1, writes.Count(write => write.IsCompletedSuccessfully));
            Assert.All(writes.Where(write => write.IsFaulted), write => Assert.IsType<InconsistentStateException>(write.Exception!.InnerException));
        }
    }

    [Fact]
    public async Task Storage_StaleWriteAndClear_Conflict()
    {
        var storage = _silo.Services.GetRequiredKeyedService<IGrainStorage>(EventStream.ColdStorage);
        var id = GrainId.Create("test-cold", "t/stale");
        GrainState<ColdState> mine = new(new()), other = new(new());
        await storage.WriteStateAsync("test-cold", id, mine);
        await storage.ReadStateAsync("test-cold", id, other);
        await storage.WriteStateAsync("test-cold", id, other);

        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("test-cold", id, mine));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("test-cold", id, mine));
        await storage.ClearStateAsync("test-cold", id, other);
    }

    [Fact]
    public async Task Membership_EveryQuery_KeepsItsPromise()
    {
        var table = _silo.Services.GetRequiredService<IMembershipTable>();
        var all = await table.ReadAllAsync();
        var me = Assert.Single(all.Members).Item1;
        Assert.Equal(SiloStatus.Active, me.Status);
        Assert.Equal(me.SiloAddress, Assert.Single((await table.ReadRowAsync(me.SiloAddress)).Members).Item1.SiloAddress);

        // One who joined long ago, and one who lost the race for the version.
        var old = Entry(1, SiloStatus.Joining);
        Assert.True(await table.InsertRowAsync(old, all.Version.Next()));
        Assert.False(await table.InsertRowAsync(Entry(2, SiloStatus.Joining), all.Version.Next()));
        Assert.False(await table.InsertRowAsync(old, (await table.ReadAllAsync()).Version.Next()));

        var seen = await table.ReadRowAsync(old.SiloAddress);
        var row = Assert.Single(seen.Members);
        old.Status = SiloStatus.Dead;
        old.AddSuspector(me.SiloAddress, old.StartTime);
        Assert.True(await table.UpdateRowAsync(old, row.Item2, seen.Version.Next()));
        Assert.False(await table.UpdateRowAsync(old, row.Item2, seen.Version.Next()));
        var dead = Assert.Single((await table.ReadRowAsync(old.SiloAddress)).Members).Item1;
        Assert.Equal((SiloStatus.Dead, old.StartTime, "old", me.SiloAddress), (dead.Status, dead.StartTime, dead.SiloName, Assert.Single(dead.SuspectTimes!).Item1));

        old.IAmAliveTime = old.IAmAliveTime.AddMinutes(1);
        await table.UpdateIAmAliveAsync(old);
        Assert.Equal(old.IAmAliveTime, Assert.Single((await table.ReadRowAsync(old.SiloAddress)).Members).Item1.IAmAliveTime);
        await table.CleanupDefunctSiloEntriesAsync(old.IAmAliveTime.AddHours(1));
        Assert.Equal([me.SiloAddress], (await table.ReadAllAsync()).Members.Select(member => member.Item1.SiloAddress));
        await table.DeleteMembershipTableEntriesAsync("capacitor");
        await table.InitializeMembershipTableAsync(true);
        Assert.Empty((await table.ReadAllAsync()).Members);
    }

    [Fact]
    public async Task Gateways_ActiveSilo_AreFoundByClients()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddCapacitorDatabase(_database);
        builder.UseOrleansClient(client =>
        {
            client.Configure<Orleans.Configuration.ClusterOptions>(cluster => cluster.ServiceId = cluster.ClusterId = "capacitor");
            client.UseAdoNetClustering(options => options.Configure<CapacitorDatabase>((clustering, database) =>
                (clustering.Invariant, clustering.DataSource) = (CapacitorDatabase.Invariant, database.DataSource)));
        });
        using var host = builder.Build();
        await host.StartAsync();

        Assert.Equal("1", await host.Services.GetRequiredService<IGrainFactory>().GetGrain<IColdGrain>("t/client").WriteAsync("x"));
        await host.StopAsync();
    }

    [Fact]
    public async Task Reminders_EveryQuery_KeepsItsPromise()
    {
        var table = _silo.Services.GetRequiredService<IReminderTable>();
        var ids = Enumerable.Range(0, 20).Select(n => GrainId.Create("test-cold", $"t/{n}")).OrderBy(id => id.GetUniformHashCode()).ToArray();
        foreach (var id in ids)
        {
            await table.UpsertRow(new() { GrainId = id, ReminderName = "wake", StartAt = Make.Noon.UtcDateTime, Period = TimeSpan.FromMinutes(5) });
        }
        var etag = await table.UpsertRow(new() { GrainId = ids[0], ReminderName = "wake", StartAt = Make.Noon.UtcDateTime, Period = TimeSpan.FromDays(60) });
        await table.UpsertRow(new() { GrainId = ids[0], ReminderName = "other", StartAt = Make.Noon.UtcDateTime, Period = TimeSpan.FromMinutes(1) });

        var one = await table.ReadRow(ids[0], "wake");
        Assert.Equal((etag, TimeSpan.FromDays(60), Make.Noon.UtcDateTime), (one!.ETag, one.Period, one.StartAt));
        Assert.Equal(2, (await table.ReadRows(ids[0])).Reminders.Count);
        foreach (var (begin, end) in new[] { (4, 15), (15, 4), (0, 19), (7, 7) })
        {
            var found = (await table.ReadRows(ids[begin].GetUniformHashCode(), ids[end].GetUniformHashCode())).Reminders.Select(row => row.GrainId).Distinct();
            var expected = begin < end ? ids[(begin + 1)..(end + 1)] : [.. ids[(begin + 1)..], .. ids[..(end + 1)]];
            Assert.Equal(expected.Order(), found.Order());
        }
        Assert.False(await table.RemoveRow(ids[0], "wake", "999"));
        Assert.True(await table.RemoveRow(ids[0], "wake", etag!));
        Assert.Null(await table.ReadRow(ids[0], "wake"));
        await table.TestOnlyClearTable();
        Assert.Empty((await table.ReadRows(0, 0)).Reminders);
    }

    private static MembershipEntry Entry(int generation, SiloStatus status) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Loopback, 1, generation),
        SiloName = "old",
        HostName = "host",
        Status = status,
        ProxyPort = 30000,
        StartTime = Make.Noon.UtcDateTime,
        IAmAliveTime = Make.Noon.UtcDateTime,
    };
}

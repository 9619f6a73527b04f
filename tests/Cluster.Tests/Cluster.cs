using System.Net;
using Capacitor.Testing;
using Xunit.Abstractions;

namespace Capacitor.Cluster.Tests;

/// <summary>Silos, Apis and a PostgreSQL of their own, all as processes.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    public const string ApiKey = "cap_live_cluster0123456789";

    private const int LoggedLines = 120;
    private const int LoggedColumns = 500;

    private Cluster(PostgresServer database, string connectionString)
    {
        Database = database;
        ConnectionString = connectionString;
    }

    public PostgresServer Database { get; }

    public string ConnectionString { get; }

    public List<ClusterNode> Silos { get; } = [];

    public List<ClusterNode> Apis { get; } = [];

    /// <summary>Up to where the events of earlier tests have been read.</summary>
    public string Cursor { get; set; } = "0";

    private IEnumerable<ClusterNode> Nodes => [.. Silos, .. Apis];

    public static string SiloOf(string folder) => Path.Combine(folder, "Capacitor.Silo.dll");

    public static string ApiOf(string folder) => Path.Combine(folder, "Capacitor.Api.dll");

    /// <summary>The programs that these tests were built with.</summary>
    public static async Task<Cluster> StartAsync(int silos, int apis)
    {
        var here = AppContext.BaseDirectory;
        return await StartAsync(
            await PostgresServer.StartNewAsync(),
            Enumerable.Range(1, silos).Select(n => new NodePlace($"silo-{n}", SiloOf(here))),
            Enumerable.Range(1, apis).Select(n => new NodePlace($"api-{n}", ApiOf(here))));
    }

    /// <summary>A cluster on this PostgreSQL, which goes with it.</summary>
    public static async Task<Cluster> StartAsync(PostgresServer database, IEnumerable<NodePlace> silos, IEnumerable<NodePlace> apis)
    {
        var cluster = new Cluster(database, await database.CreateDatabaseAsync());
        try
        {
            var environment = Environment(cluster.ConnectionString);
            cluster.Silos.AddRange(silos.Select(place => new ClusterNode(place, environment)));
            cluster.Apis.AddRange(apis.Select(place => new ClusterNode(place, environment)));
            await cluster.HealAsync();
            return cluster;
        }
        catch (Exception failure)
        {
            var logs = cluster.Logs();
            await cluster.DisposeAsync();
            throw new InvalidOperationException($"The cluster did not start.\n{logs}", failure);
        }
    }

    /// <summary>Starts, all at once, what does not run; returns when everything is ready.</summary>
    public async Task HealAsync()
    {
        if (!Database.IsRunning)
        {
            await Database.StartAsync();
        }

        await Task.WhenAll(Nodes.Select(node => node.HealAsync()));
    }

    /// <summary>Returns when all that run say that they are ready: what is asked once, right after a fault, is not to meet what is left of it.</summary>
    public Task WaitUntilReadyAsync() => Task.WhenAll(Nodes.Where(node => !node.HasExited).Select(node => node.WaitUntilReadyAsync()));

    /// <summary>Some Api that a balancer would choose; when there is none, one that will not answer.</summary>
    public ClusterNode AnyApi()
    {
        var up = Apis.Where(api => api.IsUp).ToList();
        var some = up.Count > 0 ? up : Apis;
        return some[Random.Shared.Next(some.Count)];
    }

    /// <summary>Breaks something while chargers charge, and holds the account to what can be forgiven.</summary>
    public async Task<Ledger> UnderLoadAsync(
        ITestOutputHelper output, Forgiven forgiven, Func<Load, Task> fault, IPAddress? receiverAddress = null, int slowChargers = 0)
    {
        Ledger? ledger = null;
        await WatchedAsync(output, async () =>
        {
            await HealAsync();
            await using var load = await Load.StartAsync(this, receiverAddress, slowChargers);
            await fault(load);
            ledger = await load.EndAsync();
            output.WriteLine($"{ledger}");
            ledger.AssertClean(forgiven);
        });
        return ledger!;
    }

    /// <summary>Shows what the processes said when the test fails.</summary>
    public async Task WatchedAsync(ITestOutputHelper output, Func<Task> test)
    {
        try
        {
            await test();
        }
        catch
        {
            output.WriteLine(Logs());
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Nodes.Select(node => node.DisposeAsync().AsTask()));
        await Database.DisposeAsync();
    }

    private string Logs() => string.Join('\n', Nodes.Select(node => $"===== {node.Name}\n{Shorten(node.Log)}"));

    private static string Shorten(string log) =>
        string.Join('\n', log.Split('\n').TakeLast(LoggedLines).Select(line => line.Length > LoggedColumns ? line[..LoggedColumns] : line));

    private static Dictionary<string, string> Environment(string connectionString) => new()
    {
        ["DOTNET_ENVIRONMENT"] = "Production",
        ["DOTNET_gcServer"] = "0",
        ["Logging__Console__FormatterName"] = "simple",
        ["Logging__Console__FormatterOptions__SingleLine"] = "true",
        ["Logging__Console__FormatterOptions__TimestampFormat"] = "HH:mm:ss.fff ",
        ["ConnectionStrings__Capacitor"] = connectionString,
        ["Capacitor__BootstrapApiKey"] = ApiKey,
        ["Capacitor__SecretKeys__0"] = "dGVzdHMgc2VhbCB3aXRoIHRoaXMga2V5IG9ubHkuLi4=",
        ["Capacitor__UnknownChargers"] = "accept",
        ["Capacitor__Cluster__SiloPort"] = "0",
        ["Capacitor__Cluster__GatewayPort"] = "0",

        // Nearly the default. Less would not outlive a hung silo, by which an Api tells that it lives: it is missed after twelve seconds at the earliest.
        ["Capacitor__Chargers__LostConnectionGrace"] = "00:00:25",
        ["Capacitor__Webhooks__AllowPrivateNetworks"] = "true",

        // A delivery that fails is not tried again: the receiver, on a busy machine, is not what is tested here.
        ["Capacitor__Webhooks__Timeout"] = "00:01:00",
    };
}

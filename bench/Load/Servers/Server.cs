using System.Diagnostics;
using System.Globalization;
using System.Net;
using Capacitor.Testing;

namespace Capacitor.Load.Servers;

/// <summary>The server under test: its addresses, its counters and, when we started it, its processes, its folder and its database.</summary>
internal sealed class Server : IAsyncDisposable
{
    /// <summary>Of the servers that we start.</summary>
    public const string AdminKey = "load_generator_admin_key_0123456789";

    private readonly List<ServerProcess> _silos = [];
    private readonly List<ServerProcess> _fronts = [];
    private readonly DirectoryInfo? _data;
    private readonly PostgresServer? _database;
    private readonly string? _connectionString;
    private readonly IReadOnlyDictionary<string, string> _extra = new Dictionary<string, string>();

    private Server(Target target) => Target = target;

    private Server(Target target, PostgresServer? database, string? connectionString, IReadOnlyDictionary<string, string> extra)
        : this(target)
    {
        _extra = extra;
        (_database, _connectionString) = (database, connectionString);
        _data = Directory.CreateTempSubdirectory("capacitor-load-");
        var settings = Settings(connectionString);
        _silos.AddRange(Enumerable.Range(1, target.Silos).Select(n => Describe($"silo-{n}", target.Grains!, settings)));
        if (target is { OnPostgres: true, Silos: 0 })
        {
            settings["Capacitor__HostSilo"] = "true";
        }

        _fronts.AddRange(Enumerable.Range(1, target.Fronts).Select(n => Describe($"{target.Name}-{n}", target.Front!, settings)));
    }

    public Target Target { get; }

    /// <summary>Where the HTTP API is, and where chargers connect, by turns.</summary>
    public IReadOnlyList<Uri> Urls => Target.Url is { } url ? [url] : [.. _fronts.Select(front => front.Url)];

    public IReadOnlyList<IPEndPoint> EndPoints => [.. Urls.Select(EndPointOf)];

    public IReadOnlyList<ServerProcess> Silos => _silos;

    /// <summary>Null when the process is not known.</summary>
    public ServerCounters? Counters =>
        Target.Url is null ? new ServerCounters([.. _fronts.Select(front => front.Counters)], [.. _silos.Select(silo => silo.Counters)], _database)
        : Target.ProcessId is { } pid ? new ServerCounters([new ProcStat(pid)], [], null)
        : null;

    private IEnumerable<ServerProcess> Processes => _silos.Concat(_fronts);

    /// <param name="target">What is started.</param>
    /// <param name="extra">Settings beside the usual ones, as environment variables; null: none.</param>
    public static async Task<Server> StartAsync(Target target, IReadOnlyDictionary<string, string>? extra = null)
    {
        if (target.Url is not null)
        {
            return new Server(target);
        }

        var database = target.OnPostgres ? await PostgresServer.StartNewAsync() : null;
        var server = new Server(target, database, database is null ? null : await database.CreateDatabaseAsync(), extra ?? new Dictionary<string, string>());
        try
        {
            await server.StartProcessesAsync();
            if (target.Silos > 0)
            {
                // An Api looks for more silos every five seconds; one that has been found late would hold nothing.
                await Task.Delay(TimeSpan.FromSeconds(20));
            }

            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills the processes and starts them anew on the same data; does nothing to a server that is not ours.</summary>
    public async Task RestartAsync()
    {
        await KillAsync();
        await StartProcessesAsync();
    }

    /// <summary>What the database holds and has written; null without one.</summary>
    public Task<DatabaseSize?> DatabaseSizeAsync() => _connectionString is null ? Task.FromResult<DatabaseSize?>(null) : DatabaseSize.ReadAsync(_connectionString);

    /// <summary>Bytes on the managed heap after the latest collection, when the server tells.</summary>
    public Task<long?> HeapBytesAsync() => SumAsync("dotnet_gc_last_collection_heap_size");

    /// <summary>What the server holds when it has collected all that nobody needs; for a server of one process that we started.</summary>
    public async Task<Memory> CollectAsync()
    {
        // Twice: what had a finalizer goes with the second.
        for (var round = 0; round < 2; round++)
        {
            var before = await FullCollectionsAsync();
            await using (await Collection.BeginAsync(_fronts[0].ProcessId))
            {
                for (var patience = Stopwatch.StartNew(); await FullCollectionsAsync() == before;)
                {
                    if (patience.Elapsed > TimeSpan.FromSeconds(30))
                    {
                        throw new InvalidOperationException("The server did not collect its memory when it was asked to.");
                    }

                    await Task.Delay(50);
                }
            }
        }

        var objects = await HeapBytesAsync() - await SumAsync("dotnet_gc_last_collection_heap_fragmentation_size");
        var committed = await SumAsync("dotnet_gc_last_collection_memory_committed_size");
        return new Memory(objects / 1024.0 ?? double.NaN, committed / 1024.0 ?? double.NaN, _fronts[0].Counters.ResidentKiB(), _fronts[0].Counters.PeakKiB());
    }

    /// <summary>The sum of the metrics of which the name, with its labels, begins like this; null: there is none.</summary>
    private async Task<long?> SumAsync(string metric)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(Urls[0], "/metrics"));
        if (!answer.IsSuccessStatusCode)
        {
            return null;
        }

        long? sum = null;
        foreach (var line in (await answer.Content.ReadAsStringAsync()).Split('\n'))
        {
            if (line.StartsWith(metric, StringComparison.Ordinal))
            {
                var value = line[(line.LastIndexOf('}') + 1)..].Split(' ')[1];
                sum = (sum ?? 0) + (long)double.Parse(value, CultureInfo.InvariantCulture);
            }
        }

        return sum;
    }

    private Task<long?> FullCollectionsAsync() => SumAsync("dotnet_gc_collections_total{otel_scope_name=\"System.Runtime\",gc_heap_generation=\"gen2\"");

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        if (_database is { } database)
        {
            await database.DisposeAsync();
        }

        _data?.Delete(recursive: true);
    }

    private static IPEndPoint EndPointOf(Uri url) => new(url.HostNameType == UriHostNameType.Dns ? IPAddress.Loopback : IPAddress.Parse(url.Host), url.Port);

    /// <summary>Of what is below the repository's root.</summary>
    public static string PathOf(string assembly) => Path.Combine(Root(), assembly);

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Capacitor.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("The load generator runs from within the repository.");
    }

    private async Task StartProcessesAsync()
    {
        foreach (var process in Processes)
        {
            process.Start();
        }

        await Task.WhenAll(Processes.Select(process => process.WaitUntilReadyAsync()));
    }

    private Task KillAsync() => Task.WhenAll(Processes.Select(process => process.KillAsync()));

    private Dictionary<string, string> Settings(string? connectionString)
    {
        var settings = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["Logging__LogLevel__Default"] = "Warning",
            ["Capacitor__DataDirectory"] = _data!.FullName,
            ["Capacitor__BootstrapApiKey"] = Target.ApiKey,
            ["Capacitor__SecretKeys__0"] = Target.SecretKey,
            ["Capacitor__AdminKey"] = AdminKey,
            ["Capacitor__Tiers__Scale__CallsPerSecond"] = "", // chargers are registered as fast as they can be
            ["Capacitor__Webhooks__AllowPrivateNetworks"] = "true",
            ["Capacitor__Cluster__AdvertisedAddress"] = "127.0.0.1",
            ["Capacitor__Cluster__SiloPort"] = "0",
            ["Capacitor__Cluster__GatewayPort"] = "0",
        };
        if (connectionString is not null)
        {
            settings["ConnectionStrings__Capacitor"] = connectionString;
        }

        foreach (var (key, value) in _extra)
        {
            settings[key] = value;
        }

        return settings;
    }

    private ServerProcess Describe(string name, string assembly, IReadOnlyDictionary<string, string> settings) =>
        new(name, PathOf(assembly), _data!.FullName, new Dictionary<string, string>(settings));
}

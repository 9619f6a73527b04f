using System.Diagnostics;
using Capacitor.Testing;

namespace Capacitor.Cluster.Tests;

/// <summary>Where a process of the cluster runs: which program, at which address, in which network.</summary>
internal sealed record NodePlace(string Name, string Program)
{
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>Null: this machine's own network.</summary>
    public string? Namespace { get; init; }

    /// <summary>True for an Api that holds grains as well.</summary>
    public bool HostsSilo { get; init; }
}

/// <summary>A process of the cluster, and those that take its place when it has ended.</summary>
internal sealed class ClusterNode(NodePlace place, IReadOnlyDictionary<string, string> environment) : IAsyncDisposable
{
    private readonly List<string> _logsOfEnded = [];
    private string _program = place.Program;
    private ProductProcess? _process;
    private bool _isFrozen;
    private volatile bool _isUp;

    public string Name => place.Name;

    /// <summary>True while somebody who looks for a server would be sent here.</summary>
    public bool IsUp => _isUp;

    public HttpClient Http { get; private set; } = new();

    public NodeRun Run { get; private set; } = new("");

    public bool HasExited => _process is null || _process.HasExited;

    public string Log => string.Join("\n--- the next process\n", _logsOfEnded.Append(_process?.Output ?? ""));

    /// <summary>Starts it, with this program from now on.</summary>
    public Task StartAsync(string program)
    {
        _program = program;
        return StartAsync();
    }

    public async Task StartAsync()
    {
        await ForgetAsync();
        _process = ProductProcess.Launch(Describe());
        var address = await _process.WaitForAddressAsync();
        Http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) }) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(3) };
        Http.DefaultRequestHeaders.Add("X-API-Key", Cluster.ApiKey);
        Run = new NodeRun(new UriBuilder(address) { Scheme = "ws", Path = "/ocpp" }.Uri.ToString());
        await WaitUntilReadyAsync();
        _isUp = true;
    }

    public Task WaitUntilReadyAsync() => _process!.WaitUntilReadyAsync(Http);

    /// <summary>Makes it run, whatever became of it.</summary>
    public async Task HealAsync()
    {
        if (_isFrozen)
        {
            await KillAsync();
        }

        await (HasExited ? StartAsync() : WaitUntilReadyAsync());
        _isUp = true;
    }

    public Task KillAsync()
    {
        Run.End = RunEnd.Killed;
        _isUp = _isFrozen = false;
        return _process!.KillAsync();
    }

    /// <summary>SIGTERM. It is still found, as by a balancer that has not noticed, until it has ended.</summary>
    public async Task<int> StopAsync()
    {
        Run.End = RunEnd.Stopped;
        var code = await _process!.StopAsync();
        _isUp = false;
        return code;
    }

    public Task FreezeAsync()
    {
        _isUp = false;
        _isFrozen = true;
        return _process!.FreezeAsync();
    }

    public Task ThawAsync()
    {
        _isFrozen = false;
        return _process!.ThawAsync();
    }

    public async Task<int> WaitForExitAsync()
    {
        var code = await _process!.WaitForExitAsync();
        _isUp = false;
        return code;
    }

    public ValueTask DisposeAsync() => new(ForgetAsync());

    private ProcessStartInfo Describe()
    {
        string[] command = ["dotnet", "exec", _program, "--urls", $"http://{place.Address}:0"];
        string[] all = place.Namespace is { } network ? ["ip", "netns", "exec", network, .. command] : command;
        var start = new ProcessStartInfo(all[0], all[1..]);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["Capacitor__Cluster__AdvertisedAddress"] = place.Address;
        start.Environment["Capacitor__HostSilo"] = place.HostsSilo ? "true" : "false";
        start.Environment["ConnectionStrings__Capacitor"] += $";Application Name={place.Name}"; // so that the database can tell who writes
        return start;
    }

    private async Task ForgetAsync()
    {
        _isUp = false;
        Http.Dispose();
        if (_process is { } before)
        {
            await before.DisposeAsync();
            _logsOfEnded.Add(before.Output);
            _process = null;
        }
    }
}

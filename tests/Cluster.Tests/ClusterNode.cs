using System.Diagnostics;
using Capacitor.Testing;

namespace Capacitor.Cluster.Tests;

/// <summary>Where a process of the cluster runs: which program, at which address, in which network.</summary>
internal sealed record NodePlace(string Name, string Program)
{
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>Null: this machine's own network.</summary>
    public string? Namespace { get; init; }
}

/// <summary>A process of the cluster, and those that take its place when it has ended.</summary>
internal sealed class ClusterNode(NodePlace place, IReadOnlyDictionary<string, string> environment) : IAsyncDisposable
{
    private readonly List<string> _logsOfEnded = [];
    private ProductProcess? _process;
    private volatile bool _isUp;

    public string Name => place.Name;

    /// <summary>True while somebody who looks for a server would be sent here.</summary>
    public bool IsUp => _isUp;

    public HttpClient Http { get; private set; } = new();

    public string OcppUrl { get; private set; } = "";

    public bool HasExited => _process is null || _process.HasExited;

    public string Log => string.Join("\n--- the next process\n", _logsOfEnded.Append(_process?.Output ?? ""));

    public async Task StartAsync()
    {
        await ForgetAsync();
        _process = ProductProcess.Launch(Describe());
        var address = await _process.WaitForAddressAsync();
        Http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) }) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(3) };
        Http.DefaultRequestHeaders.Add("X-API-Key", Cluster.ApiKey);
        OcppUrl = new UriBuilder(address) { Scheme = "ws", Path = "/ocpp" }.Uri.ToString();
        await _process.WaitUntilReadyAsync(Http);
        _isUp = true;
    }

    public Task KillAsync()
    {
        _isUp = false;
        return _process!.KillAsync();
    }

    /// <summary>SIGTERM. It is still found, as by a balancer that has not noticed, until it has ended.</summary>
    public async Task<int> StopAsync()
    {
        var code = await _process!.StopAsync();
        _isUp = false;
        return code;
    }

    public Task FreezeAsync()
    {
        _isUp = false;
        return _process!.FreezeAsync();
    }

    public Task ThawAsync() => _process!.ThawAsync();

    public async Task<int> WaitForExitAsync()
    {
        var code = await _process!.WaitForExitAsync();
        _isUp = false;
        return code;
    }

    public ValueTask DisposeAsync() => new(ForgetAsync());

    private ProcessStartInfo Describe()
    {
        string[] command = ["dotnet", "exec", place.Program, "--urls", $"http://{place.Address}:0"];
        string[] all = place.Namespace is { } network ? ["ip", "netns", "exec", network, .. command] : command;
        var start = new ProcessStartInfo(all[0], all[1..]);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["Capacitor__Cluster__AdvertisedAddress"] = place.Address;
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

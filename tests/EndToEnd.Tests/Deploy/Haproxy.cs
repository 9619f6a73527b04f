using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Capacitor.EndToEnd.Tests.Deploy;

/// <summary>HAProxy itself with the configuration of deploy/haproxy, in front of servers of a test.</summary>
internal sealed class Haproxy : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http = new();
    private readonly Uri _metrics;

    private Haproxy(Process process, Uri address, Uri metrics)
    {
        _process = process;
        _metrics = metrics;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>The file with the backends, as the example lists them.</summary>
    public static string Backends(params Uri[] servers)
    {
        // The example itself, with servers of ours.
        var lines = string.Concat(servers.Select((server, number) => $"    server api-{number + 1} {server.Host}:{server.Port}\n"));
        var example = Repository.Read("deploy/haproxy/apis-example.cfg").Split('\n').Select(line => line.TrimStart() switch
        {
            var text when text.StartsWith("server api-1 ", StringComparison.Ordinal) => lines,
            var text when text.StartsWith("server ", StringComparison.Ordinal) => "",
            _ => line + "\n",
        });
        return string.Concat(example);
    }

    public static Task<(int ExitCode, string Output)> CheckAsync(IReadOnlyDictionary<string, string?>? environment, params string[] files) =>
        Tool.RunAsync(Program(), ["-c", .. files.SelectMany(file => new[] { "-f", file })], environment: environment);

    /// <summary>Starts it in front of the servers that <paramref name="backends"/> names, and waits until it listens.</summary>
    public static async Task<Haproxy> StartAsync(string backends, IReadOnlyDictionary<string, string?>? environment = null, params string[] more)
    {
        var (address, metrics) = (Free(), Free());
        ProcessStartInfo start = new(Program(), ["-W", "-db", "-f", Repository.PathOf("deploy/haproxy/haproxy.cfg"), "-f", backends, .. more.SelectMany(file => new[] { "-f", Repository.PathOf(file) })])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["CAPACITOR_BIND"] = address.Authority,
                ["CAPACITOR_BALANCER_METRICS"] = metrics.Authority,
                ["CAPACITOR_MAXCONN"] = "200",
            },
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Haproxy balancer = new(process, address, new Uri(metrics, "metrics"));
        await balancer.UntilAsync(() => Task.FromResult(true));
        return balancer;
    }

    /// <summary>Waits until it holds this server of both backends for ready, or for not ready.</summary>
    public Task UntilServerIsAsync(string server, bool up) => UntilAsync(async () =>
    {
        var state = up ? "UP" : "DOWN";
        return await ReadAsync("haproxy_server_status", "proxy=\"apis\"", $"server=\"{server}\"", $"state=\"{state}\"") == 1
            && await ReadAsync("haproxy_server_status", "proxy=\"chargers\"", $"server=\"{server}\"", $"state=\"{state}\"") == 1;
    });

    /// <summary>The sum of its own samples with this name and these labels.</summary>
    public async Task<double> ReadAsync(string name, params string[] labels) => new Scrape(await _http.GetStringAsync(_metrics)).Sum(name, labels) ?? 0;

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _http.Dispose();
    }

    public static Uri Free()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
    }

    private static string Program() => Tool.Find("haproxy") ?? throw new InvalidOperationException("HAProxy is not installed: run ./test.sh, which installs it.");

    private async Task UntilAsync(Func<Task<bool>> condition)
    {
        using CancellationTokenSource deadline = new(TimeSpan.FromMinutes(1));
        while (true)
        {
            deadline.Token.ThrowIfCancellationRequested();
            try
            {
                await _http.GetStringAsync(_metrics, deadline.Token);
                if (await condition())
                {
                    return;
                }
            }
            catch (HttpRequestException) when (!_process.HasExited)
            {
                // It does not listen yet.
            }
        }
    }
}

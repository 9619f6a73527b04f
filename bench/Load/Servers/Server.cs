using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Capacitor.Load.Servers;

/// <summary>The server under test: its address, its counters and, when we started it, its process and its data directory.</summary>
internal sealed class Server : IAsyncDisposable
{
    private readonly string _assembly = "";
    private readonly DirectoryInfo? _data;
    private readonly Queue<string> _lastWords = new();
    private Process? _process;

    private Server(Target target)
    {
        Target = target;
        if (target.Assembly is null)
        {
            Url = target.Url!;
            Counters = target.ProcessId is { } pid ? new ProcStat(pid) : null;
            return;
        }

        _assembly = Path.Combine(Root(), target.Assembly);
        if (!File.Exists(_assembly))
        {
            throw new FileNotFoundException($"{_assembly} is not there: build it with -c Release first, or start with ./bench/run.sh.");
        }

        Url = new Uri($"http://127.0.0.1:{FreePort()}");
        _data = Directory.CreateTempSubdirectory("capacitor-load-");
        _process = Start(_data.FullName);
        Counters = new ProcStat(_process.Id);
    }

    public Target Target { get; }

    public Uri Url { get; }

    /// <summary>Null when the process is not known.</summary>
    public ProcStat? Counters { get; private set; }

    public static async Task<Server> StartAsync(Target target)
    {
        var server = new Server(target);
        try
        {
            await server.WaitUntilReadyAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills the process and starts it anew on the same data; does nothing to a server that is not ours.</summary>
    public async Task RestartAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
            _process = Start(_data!.FullName);
            Counters = new ProcStat(_process.Id);
            await WaitUntilReadyAsync();
        }
    }

    public IPEndPoint EndPoint => new(Url.HostNameType == UriHostNameType.Dns ? IPAddress.Loopback : IPAddress.Parse(Url.Host), Url.Port);

    /// <summary>Bytes on the managed heap after the latest collection, when the server tells.</summary>
    public async Task<long?> HeapBytesAsync()
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(Url, "/metrics"));
        if (!answer.IsSuccessStatusCode)
        {
            return null;
        }

        long? sum = null;
        foreach (var line in (await answer.Content.ReadAsStringAsync()).Split('\n'))
        {
            if (line.StartsWith("dotnet_gc_last_collection_heap_size", StringComparison.Ordinal))
            {
                var value = line.Split(' ')[1];
                sum = (sum ?? 0) + (long)double.Parse(value, CultureInfo.InvariantCulture);
            }
        }

        return sum;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _data?.Delete(recursive: true);
    }

    private async Task KillAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

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

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private Process Start(string data)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", _assembly, "--urls", Url.GetLeftPart(UriPartial.Authority)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = data,
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["Logging__LogLevel__Default"] = "Warning",
                ["Capacitor__DataDirectory"] = data,
                ["Capacitor__BootstrapApiKey"] = Target.ApiKey,
                ["Capacitor__Webhooks__AllowPrivateNetworks"] = "true",
            },
        };
        // The load generator's own settings are not the server's.
        start.Environment.Remove("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS");
        start.Environment.Remove("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT");

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Remember(line.Data);
        process.ErrorDataReceived += (_, line) => Remember(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void Remember(string? line)
    {
        lock (_lastWords)
        {
            if (line is not null)
            {
                _lastWords.Enqueue(line);
            }

            if (_lastWords.Count > 20)
            {
                _lastWords.Dequeue();
            }
        }
    }

    /// <summary>The last lines the server wrote; something to show when a run went wrong.</summary>
    public string LastWords()
    {
        lock (_lastWords)
        {
            return string.Join('\n', _lastWords);
        }
    }

    private async Task WaitUntilReadyAsync()
    {
        using var http = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(5) };
        var patience = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
            {
                // Not listening yet.
            }

            if (_process is { HasExited: true } || patience.Elapsed > TimeSpan.FromSeconds(60))
            {
                throw new InvalidOperationException($"{Target.Name} does not get ready. It said:\n{LastWords()}");
            }

            await Task.Delay(50);
        }
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Capacitor.Load.Servers;

/// <summary>One process of the server under test, which may be killed and started again at the same address.</summary>
internal sealed class ServerProcess(string name, string assembly, string folder, IReadOnlyDictionary<string, string> settings) : IAsyncDisposable
{
    private readonly Queue<string> _lastWords = new();
    private Process? _process;

    public string Name => name;

    public Uri Url { get; } = new($"http://127.0.0.1:{FreePort()}");

    public int ProcessId => _process?.Id ?? throw new InvalidOperationException($"{name} does not run.");

    public ProcStat Counters => _process is { HasExited: false } process
        ? new(process.Id)
        : throw new InvalidOperationException($"{name} does not run any more. It said:\n{LastWords()}");

    public void Start()
    {
        if (!File.Exists(assembly))
        {
            throw new FileNotFoundException($"{assembly} is not there: build it with -c Release first, or start with ./bench/run.sh.");
        }

        var start = new ProcessStartInfo("dotnet", ["exec", assembly, "--urls", Url.GetLeftPart(UriPartial.Authority)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (var (key, value) in settings)
        {
            start.Environment[key] = value;
        }

        // The load generator's own settings are not the server's.
        start.Environment.Remove("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS");
        start.Environment.Remove("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT");

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Remember(line.Data);
        _process.ErrorDataReceived += (_, line) => Remember(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public async Task WaitUntilReadyAsync()
    {
        using var http = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(5) };
        var patience = Stopwatch.StartNew();
        while (!await IsReadyAsync(http))
        {
            if (_process is null or { HasExited: true } || patience.Elapsed > TimeSpan.FromSeconds(60))
            {
                throw new InvalidOperationException($"{name} does not get ready. It said:\n{LastWords()}");
            }

            await Task.Delay(50);
        }
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    public ValueTask DisposeAsync() => new(KillAsync());

    private static async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            return false; // not listening yet
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
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

    private string LastWords()
    {
        lock (_lastWords)
        {
            return string.Join('\n', _lastWords);
        }
    }
}

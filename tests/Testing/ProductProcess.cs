using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Capacitor.Testing;

/// <summary>
/// A program of ours as a process of its own, listening on a free port; stopped, killed or frozen on purpose. What it prints is kept in memory.
/// </summary>
public sealed partial class ProductProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan EndPatience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly List<string> _output = [];
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Uri> _secureAddress = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ProductProcess(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.RedirectStandardInput = true;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) => _address.TrySetException(new InvalidOperationException($"The program ended before it listened:\n{Output}"));
    }

    /// <summary>What it has printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return string.Join('\n', _output);
            }
        }
    }

    /// <summary>The process's id.</summary>
    public int Id => _process.Id;

    /// <summary>True when it runs no more.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Starts a program and waits for nothing.</summary>
    public static ProductProcess Launch(ProcessStartInfo start)
    {
        var process = new ProductProcess(start);
        process._process.Start();
        process._process.BeginOutputReadLine();
        process._process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Where it listens, as soon as it does.</summary>
    public Task<Uri> WaitForAddressAsync() => _address.Task.WaitAsync(StartPatience);

    /// <summary>Where it listens with TLS, as soon as it does.</summary>
    public Task<Uri> WaitForSecureAddressAsync() => _secureAddress.Task.WaitAsync(StartPatience);

    /// <summary>Waits until <c>/health/ready</c> says so.</summary>
    public async Task WaitUntilReadyAsync(HttpClient http)
    {
        var began = Stopwatch.GetTimestamp();
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        string said;
        do
        {
            using var answer = await http.GetAsync("/health/ready");
            if (answer.IsSuccessStatusCode)
            {
                return;
            }

            said = await answer.Content.ReadAsStringAsync();
        }
        while (Stopwatch.GetElapsedTime(began) < StartPatience && await ticks.WaitForNextTickAsync());

        throw new TimeoutException($"It never became ready: {said}\n{Output}");
    }

    /// <summary>SIGKILL: nothing in the process gets to run any more.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM; returns the exit code.</summary>
    public async Task<int> StopAsync()
    {
        await SignalAsync("TERM");
        return await WaitForExitAsync();
    }

    /// <summary>SIGSTOP: the process lives and does nothing.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>SIGCONT: it goes on as if nothing had been.</summary>
    public Task ThawAsync() => SignalAsync("CONT");

    /// <summary>Waits until it has ended; returns the exit code.</summary>
    public async Task<int> WaitForExitAsync()
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(EndPatience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"It did not end:\n{Output}");
        }

        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        if (kill.ExitCode != 0)
        {
            throw new InvalidOperationException($"The process could not be sent SIG{signal}.");
        }
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.Add(line);
        }

        if (ListeningAddress().Match(line) is { Success: true } match)
        {
            _address.TrySetResult(new Uri(match.Value));
        }

        if (SecureListeningAddress().Match(line) is { Success: true } secure)
        {
            _secureAddress.TrySetResult(new Uri(secure.Value));
        }
    }

    [GeneratedRegex(@"http://\d+\.\d+\.\d+\.\d+:[1-9]\d*")]
    private static partial Regex ListeningAddress();

    [GeneratedRegex(@"https://\d+\.\d+\.\d+\.\d+:[1-9]\d*")]
    private static partial Regex SecureListeningAddress();
}

using System.Diagnostics;
using System.Threading.Channels;
using Xunit;

namespace Capacitor.EndToEnd.Tests;

/// <summary><c>capacitor listen</c> as a process of its own.</summary>
internal sealed class ListenProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Task<string> _errors;

    private ListenProcess(string? key, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "capacitor.dll"), "listen", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["CAPACITOR_API_KEY"] = key;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts it and waits for nothing.</summary>
    public static ListenProcess Launch(string? key, params string[] arguments) => new(key, arguments);

    /// <summary>Starts it and returns when it listens.</summary>
    public static async Task<ListenProcess> StartAsync(string? key, params string[] arguments)
    {
        var process = new ListenProcess(key, arguments);
        process.FirstLine = await process.NextAsync("Ready: ");
        return process;
    }

    public string FirstLine { get; private set; } = "";

    /// <summary>The next line that has <paramref name="text"/> in it.</summary>
    public async Task<string> NextAsync(string text)
    {
        using var deadline = new CancellationTokenSource(Patience);
        List<string> passed = [];
        try
        {
            while (true)
            {
                passed.Add(await _lines.Reader.ReadAsync(deadline.Token));
                if (passed[^1].Contains(text, StringComparison.Ordinal))
                {
                    return passed[^1];
                }
            }
        }
        catch (Exception failure) when (failure is ChannelClosedException or OperationCanceledException)
        {
            throw new InvalidOperationException($"It never said '{text}': {string.Join('\n', passed)}{(_process.HasExited ? await _errors : "")}", failure);
        }
    }

    /// <summary>SIGTERM, which it takes as it takes Ctrl-C; returns the exit code and what it had still to say. A test that runs in the background has SIGINT ignored for all its children.</summary>
    public async Task<(int Code, string Output)> InterruptAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        return await EndAsync();
    }

    /// <summary>Waits until it has ended; returns the exit code and what it had still to say.</summary>
    public async Task<(int Code, string Output)> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        List<string> rest = [];
        await foreach (var line in _lines.Reader.ReadAllAsync())
        {
            rest.Add(line);
        }

        return (_process.ExitCode, string.Join('\n', rest) + await _errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            _lines.Writer.TryComplete();
        }
        else
        {
            Assert.True(_lines.Writer.TryWrite(line));
        }
    }
}

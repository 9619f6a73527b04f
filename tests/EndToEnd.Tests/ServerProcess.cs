using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace Capacitor.EndToEnd.Tests;

/// <summary>The product as a process of its own, on a free port; killed or stopped on purpose and started again on the same data.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    public const string ApiKey = "cap_live_endtoend0123456789";
    public const string AdminKey = "admin-key-for-tests-only";

    private readonly Process _process;
    private readonly List<string> _output = [];
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource<Uri> _secureAddress = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(string dataDirectory, string[] settings)
    {
        var start = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = dataDirectory,
            // The signal of a file that may not grow would end the process; ignored, the write fails instead, as on a full disk.
            ArgumentList = { "-c", "trap '' XFSZ; exec dotnet \"$@\"", "sh", "exec", Path.Combine(AppContext.BaseDirectory, "Capacitor.Api.dll"), "--urls", "http://127.0.0.1:0" },
            Environment =
            {
                ["DOTNET_ENVIRONMENT"] = "Production",
                ["Capacitor__DataDirectory"] = dataDirectory,
                ["Capacitor__BootstrapApiKey"] = ApiKey,
                ["Capacitor__AdminKey"] = AdminKey,
                ["Capacitor__Webhooks__AllowPrivateNetworks"] = "true",
            },
        };
        foreach (var setting in settings)
        {
            start.ArgumentList.Add(setting);
        }

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) => _address.TrySetException(new InvalidOperationException($"The server ended before it listened:\n{Output}"));
    }

    public Uri Address { get; private set; } = null!;

    /// <summary>Where chargers connect with TLS, without their id; once the server has started with such an endpoint.</summary>
    public async Task<string> SecureOcppUrlAsync() => $"wss://localhost:{(await _secureAddress.Task.WaitAsync(TimeSpan.FromMinutes(1))).Port}/ocpp";

    public HttpClient Http { get; } = new();

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

    /// <summary>Where chargers connect, without their id.</summary>
    public string OcppUrl => new UriBuilder(Address) { Scheme = "ws", Path = "/ocpp" }.Uri.ToString();

    /// <summary>Starts the server and returns when it is ready.</summary>
    public static async Task<ServerProcess> StartAsync(string dataDirectory, params string[] settings)
    {
        var server = Launch(dataDirectory, settings);
        server.Address = await server._address.Task.WaitAsync(TimeSpan.FromMinutes(1));
        server.Http.BaseAddress = server.Address;
        server.Http.DefaultRequestHeaders.Add("X-API-Key", ApiKey);
        while (!(await server.Http.GetAsync("/health/ready")).IsSuccessStatusCode)
        {
        }

        return server;
    }

    /// <summary>Starts the server and waits for nothing.</summary>
    public static ServerProcess Launch(string dataDirectory, params string[] settings)
    {
        var server = new ServerProcess(dataDirectory, settings);
        server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return server;
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
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        return await WaitForExitAsync();
    }

    /// <summary>Lets no file of the process grow beyond a size, as a full disk would; null lifts that.</summary>
    public async Task LimitFilesAsync(long? bytes)
    {
        using var limit = Process.Start("prlimit", ["--pid", $"{_process.Id}", $"--fsize={(bytes is null ? "unlimited" : $"{bytes}")}:"]);
        await limit.WaitForExitAsync();
        Assert.Equal(0, limit.ExitCode);
    }

    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        return _process.ExitCode;
    }

    public async Task RegisterChargerAsync(string chargeBoxId)
    {
        var response = await Http.PostAsJsonAsync("/api/v1/chargers", new { chargeBoxId });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    public async Task<string> RegisterWebhookAsync(Uri url, string? secret = null, params string[] events)
    {
        var response = await Http.PostAsJsonAsync("/api/v1/webhooks", new { url, events = events.Length == 0 ? ["*"] : events, secret });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
        Http.Dispose();
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

    [GeneratedRegex(@"http://127\.0\.0\.1:[1-9]\d*")]
    private static partial Regex ListeningAddress();

    [GeneratedRegex(@"https://127\.0\.0\.1:[1-9]\d*")]
    private static partial Regex SecureListeningAddress();
}

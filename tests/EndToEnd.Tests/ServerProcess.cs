using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.EndToEnd.Tests;

/// <summary>The product as a process of its own, on a free port; killed or stopped on purpose and started again on the same data.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    public const string ApiKey = "cap_live_endtoend0123456789";
    public const string AdminKey = "admin-key-for-tests-only";

    /// <summary>Seals what a cluster stores; one machine makes its own.</summary>
    public const string SecretKey = "dGVzdHMgc2VhbCB3aXRoIHRoaXMga2V5IG9ubHkuLi4=";

    private readonly ProductProcess _process;

    private ServerProcess(ProductProcess process) => _process = process;

    public Uri Address { get; private set; } = null!;

    /// <summary>Where chargers connect with TLS, without their id; once the server has started with such an endpoint.</summary>
    public async Task<string> SecureOcppUrlAsync() => $"wss://localhost:{(await _process.WaitForSecureAddressAsync()).Port}/ocpp";

    public HttpClient Http { get; } = new(new CheckedAnswers());

    public string Output => _process.Output;

    /// <summary>Where chargers connect, without their id.</summary>
    public string OcppUrl => new UriBuilder(Address) { Scheme = "ws", Path = "/ocpp" }.Uri.ToString();

    /// <summary>Starts the server and returns when it is ready.</summary>
    public static Task<ServerProcess> StartAsync(string dataDirectory, params string[] settings) => WaitUntilReadyAsync(Launch(dataDirectory, settings));

    /// <summary>Starts a silo of a cluster, on free ports, and returns when it is ready.</summary>
    public static Task<ServerProcess> StartSiloAsync(string dataDirectory, string database, params string[] settings) => WaitUntilReadyAsync(Launch(
        "Capacitor.Silo.dll",
        dataDirectory,
        [
            $"--ConnectionStrings:Capacitor={database}", "--Capacitor:Cluster:AdvertisedAddress=127.0.0.1",
            "--Capacitor:Cluster:SiloPort=0", "--Capacitor:Cluster:GatewayPort=0", $"--Capacitor:SecretKeys:0={SecretKey}", .. settings,
        ]));

    /// <summary>Starts the server and waits for nothing.</summary>
    public static ServerProcess Launch(string dataDirectory, params string[] settings) => Launch("Capacitor.Api.dll", dataDirectory, settings);

    /// <summary>SIGKILL: nothing in the process gets to run any more.</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary>SIGTERM; returns the exit code.</summary>
    public Task<int> StopAsync() => _process.StopAsync();

    /// <summary>Lets no file of the process grow beyond a size, as a full disk would; null lifts that.</summary>
    public async Task LimitFilesAsync(long? bytes)
    {
        using var limit = Process.Start("prlimit", ["--pid", $"{_process.Id}", $"--fsize={(bytes is null ? "unlimited" : $"{bytes}")}:"]);
        await limit.WaitForExitAsync();
        Assert.Equal(0, limit.ExitCode);
    }

    public Task<int> WaitForExitAsync() => _process.WaitForExitAsync();

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
        await _process.DisposeAsync();
        Http.Dispose();
    }

    private static async Task<ServerProcess> WaitUntilReadyAsync(ServerProcess server)
    {
        server.Address = await server._process.WaitForAddressAsync();
        server.Http.BaseAddress = server.Address;
        server.Http.DefaultRequestHeaders.Add("X-API-Key", ApiKey);
        await server._process.WaitUntilReadyAsync(server.Http);
        return server;
    }

    private static ServerProcess Launch(string program, string dataDirectory, string[] settings)
    {
        // The signal of a file that may not grow would end the process; ignored, the write fails instead, as on a full disk.
        const string Script = "trap '' XFSZ; exec dotnet \"$@\"";
        return new(ProductProcess.Launch(new ProcessStartInfo(
            "/bin/sh", ["-c", Script, "sh", "exec", Path.Combine(AppContext.BaseDirectory, program), "--urls", "http://127.0.0.1:0", .. settings])
        {
            WorkingDirectory = dataDirectory,
            Environment =
            {
                ["DOTNET_ENVIRONMENT"] = "Production",
                ["Capacitor__DataDirectory"] = dataDirectory,
                ["Capacitor__BootstrapApiKey"] = ApiKey,
                ["Capacitor__AdminKey"] = AdminKey,
                ["Capacitor__Webhooks__AllowPrivateNetworks"] = "true",
            },
        }));
    }
}

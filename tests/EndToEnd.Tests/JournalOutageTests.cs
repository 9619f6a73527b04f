using System.Diagnostics;
using System.Net;
using Capacitor.Testing;
using Npgsql;
using Xunit;

namespace Capacitor.EndToEnd.Tests;

/// <summary>A database that one silo has lost, and one that is gone for all: two silos and an Api as processes.</summary>
public sealed class JournalOutageTests : IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private readonly List<ProductProcess> _processes = [];
    private PostgresServer _database = null!;
    private CuttableLink _link = null!;
    private ProductProcess _first = null!;
    private ProductProcess _second = null!;
    private Uri _api = null!;

    public async Task InitializeAsync()
    {
        _database = await PostgresServer.StartNewAsync();
        var direct = await _database.CreateDatabaseAsync();
        _link = new CuttableLink(new NpgsqlConnectionStringBuilder(direct).Port);
        _first = Launch("Silo", new NpgsqlConnectionStringBuilder(direct) { Port = _link.Port }.ToString());
        _second = Launch("Silo", direct);
        var api = Launch("Api", direct);
        _api = await api.WaitForAddressAsync();
        foreach (var process in _processes)
        {
            await WaitForAsync(await process.WaitForAddressAsync(), HttpStatusCode.OK);
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        await _link.DisposeAsync();
        await _database.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task CutOff_OneSiloFromTheDatabase_ItLeavesAndTheApiStaysReady()
    {
        using CancellationTokenSource gone = new();
        var answers = AskUntilAsync(gone.Token);
        _link.Cut();
        var began = Stopwatch.GetTimestamp();
        Assert.Equal(3, await _first.WaitForExitAsync());
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30), $"It took too long.\n{_first.Output}"); // 11 s, on a machine that is not busy
        Assert.Contains("leaves the cluster", _first.Output, StringComparison.Ordinal);

        await gone.CancelAsync();
        Assert.Equal([HttpStatusCode.OK], (await answers).Distinct());
        await WaitForAsync(await _second.WaitForAddressAsync(), HttpStatusCode.OK);
    }

    [Fact]
    public async Task Gone_TheDatabase_TheApiSaysSo_NobodyLeaves_AndAllComeBackByThemselves()
    {
        await _database.StopImmediateAsync();
        Assert.Equal("""{"status":"journal_unavailable"}""", await WaitForAsync(_api, HttpStatusCode.ServiceUnavailable));
        Assert.All(_processes, process => Assert.False(process.HasExited, process.Output));

        await _database.StartAsync();
        foreach (var process in _processes)
        {
            Assert.Equal("""{"status":"ready"}""", await WaitForAsync(await process.WaitForAddressAsync(), HttpStatusCode.OK));
        }
    }

    private ProductProcess Launch(string program, string connectionString)
    {
        var process = ProductProcess.Launch(new ProcessStartInfo(
            "dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, $"Capacitor.{program}.dll"), "--urls", "http://127.0.0.1:0"])
        {
            Environment =
            {
                ["DOTNET_ENVIRONMENT"] = "Production",
                ["ConnectionStrings__Capacitor"] = connectionString,
                ["Capacitor__SecretKeys__0"] = ServerProcess.SecretKey,
                ["Capacitor__Cluster__AdvertisedAddress"] = "127.0.0.1",
                ["Capacitor__Cluster__SiloPort"] = "0",
                ["Capacitor__Cluster__GatewayPort"] = "0",
                ["Capacitor__Cluster__JournalPatience"] = "00:00:06",
            },
        });
        _processes.Add(process);
        return process;
    }

    private async Task<List<HttpStatusCode>> AskUntilAsync(CancellationToken end)
    {
        List<HttpStatusCode> answers = [];
        while (!end.IsCancellationRequested)
        {
            using var answer = await _http.GetAsync(new Uri(_api, "/health/ready"), CancellationToken.None);
            answers.Add(answer.StatusCode);
            await Task.Delay(100, CancellationToken.None);
        }

        return answers;
    }

    private async Task<string> WaitForAsync(Uri address, HttpStatusCode status)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            using var answer = await _http.GetAsync(new Uri(address, "/health/ready"));
            var body = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode == status)
            {
                return body;
            }

            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(90), $"Still {body}.\n{string.Join("\n-----\n", _processes.Select(process => process.Output))}");
            await Task.Delay(50);
        }
    }
}

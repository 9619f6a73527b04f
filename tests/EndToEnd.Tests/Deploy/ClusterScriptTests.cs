using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.EndToEnd.Tests.Deploy;

/// <summary>cluster.sh, from nothing to a cluster that serves, loses a process, gets it back, and goes without a trace.</summary>
[SupportedOSPlatform("linux")]
public class ClusterScriptTests
{
    [Fact]
    public async Task Up_KillOne_UpAgain_Down_ServesAndStopsWhatItStarted()
    {
        using var folder = new TemporaryDirectory();
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0b111_101_101); // PostgreSQL runs as another user when this is root
        var port = FreePorts();
        Dictionary<string, string?> environment = new() { ["CLUSTER_DIR"] = folder.Path, ["CLUSTER_PORT"] = $"{port}", ["CLUSTER_APP"] = AppContext.BaseDirectory };
        using var stranger = Process.Start("sleep", "600");
        try
        {
            var up = await RunAsync("up", "2", "2");
            Assert.True(up.ExitCode == 0, up.Output);
            Assert.Equal(["api-1", "api-2", "balancer", "silo-1", "silo-2"], Directory.GetFiles(Path.Combine(folder.Path, "run")).Select(Path.GetFileName).Order());
            var keyFile = Path.Combine(folder.Path, "secrets", "api-key");
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(keyFile));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder.Path, "secrets", "secret-key")));
            var key = (await File.ReadAllTextAsync(keyFile)).Trim();
            Assert.Contains(key, up.Output, StringComparison.Ordinal);

            await ServesAsync(port, key, "CP1");

            Assert.Equal(0, (await RunAsync("kill", "silo-2")).ExitCode);
            var status = await RunAsync("status");
            Assert.Equal(1, status.ExitCode);
            Assert.Matches("silo-2 +stopped", status.Output);
            Assert.Matches("silo-1 +ready", status.Output);

            var again = await RunAsync("up");
            Assert.True(again.ExitCode == 0, again.Output);
            Assert.DoesNotContain("starting silo-1", again.Output, StringComparison.Ordinal);
            Assert.Equal(0, (await RunAsync("status")).ExitCode);
            await ServesAsync(port, key, "CP2");

            // A pid that is used again is not the process that was started.
            await File.WriteAllTextAsync(Path.Combine(folder.Path, "run", "api-3"), $"{stranger.Id} 1\n");
        }
        finally
        {
            var down = await RunAsync("down");
            Assert.True(down.ExitCode == 0, down.Output);
        }

        Assert.False(stranger.HasExited);
        stranger.Kill();
        Assert.Empty(Directory.GetFiles(Path.Combine(folder.Path, "run")));
        Assert.All(Enumerable.Range(port, 100), number => Assert.True(IsFree(number), $"port {number} is still taken"));

        Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) => Tool.RunAsync(Repository.PathOf("cluster.sh"), arguments, folder.Path, environment);
    }

    private static async Task ServesAsync(int port, string key, string charger)
    {
        using HttpClient http = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}"), DefaultRequestHeaders = { { "X-API-Key", key } } };
        var registered = await http.PostAsJsonAsync("/api/v1/chargers", new { chargeBoxId = charger });
        Assert.True(registered.IsSuccessStatusCode, await registered.Content.ReadAsStringAsync());
        await using var socket = await FakeCharger.ConnectAsync($"ws://127.0.0.1:{port}/ocpp", charger);
        var answer = await socket.CallAsync("BootNotification", """{"chargePointVendor":"Acme","chargePointModel":"One"}""");
        Assert.Equal("Accepted", answer.Payload.GetProperty("status").GetString());
    }

    // A hundred in a row, below those that the system gives out by itself.
    private static int FreePorts()
    {
        for (var first = 20_000; first < 32_000; first += 100)
        {
            if (Enumerable.Range(first, 100).All(IsFree))
            {
                return first;
            }
        }

        throw new InvalidOperationException("There are no hundred free ports in a row.");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using TcpListener listener = new(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

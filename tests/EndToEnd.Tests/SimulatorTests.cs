using System.Diagnostics;
using System.Text.Json;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.EndToEnd.Tests;

/// <summary>`capacitor simulate`, as the README runs it.</summary>
public class SimulatorTests
{
    [Fact]
    public async Task SimulateOnce_RegistersItsChargersAndLivesAWholeSessionEach()
    {
        const int chargers = 5;
        using var data = new TemporaryDirectory();
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var server = await ServerProcess.StartAsync(data.Path);
        await server.RegisterWebhookAsync(receiver.Url, null, "transaction.started", "transaction.stopped", "charger.disconnected");

        var (code, output) = await RunAsync(
            "simulate", "--once", "--chargers", $"{chargers}", "--url", server.OcppUrl, "--api-key", ServerProcess.ApiKey, "--speed", "1000", "--seed", "1");

        Assert.True(code == 0, output);
        var posts = await receiver.WaitForAsync(3 * chargers);
        foreach (var life in posts.Select(post => JsonDocument.Parse(post.Body).RootElement).GroupBy(e => e.GetProperty("data").GetProperty("chargeBoxId").GetString()))
        {
            Assert.Equal(["transaction.started", "transaction.stopped", "charger.disconnected"], life.Select(e => e.GetProperty("event").GetString()));
        }
    }

    [Fact]
    public async Task Simulate_ServerNotThere_SaysSoInASentenceAndFails()
    {
        var (code, output) = await RunAsync("simulate", "--once", "--chargers", "1", "--url", "ws://127.0.0.1:1/ocpp", "--api-key", "cap_live_x");

        Assert.NotEqual(0, code);
        Assert.Contains("127.0.0.1:1", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["exec", Path.Combine(AppContext.BaseDirectory, "Capacitor.Cli.dll"), .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        return (process.ExitCode, await output + await errors);
    }
}

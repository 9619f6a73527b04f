using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.EndToEnd.Tests;

/// <summary>What the process writes for those who collect logs.</summary>
public class LogFormatTests
{
    [Fact]
    public async Task Production_EveryLine_IsAJsonObjectWithATimeInUtc()
    {
        using var data = new TemporaryDirectory();
        await using var server = await ServerProcess.StartAsync(data.Path, "--Logging:LogLevel:Capacitor=Debug");
        await server.RegisterChargerAsync("CP1");
        await using (var charger = await FakeCharger.ConnectAsync(server.OcppUrl, "CP1"))
        {
            await charger.CallAsync("Heartbeat");
        }

        Assert.Equal(0, await server.StopAsync());
        var lines = Lines(server);
        Assert.Contains(lines, line => line.GetProperty("Message").GetString()!.StartsWith("Capacitor is ready", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Production_OfASilo_EveryLineIsAJsonObjectWithATimeInUtc()
    {
        using var data = new TemporaryDirectory();
        var database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await using var silo = await ServerProcess.StartSiloAsync(data.Path, database, "--Logging:LogLevel:Capacitor=Debug");
        Assert.Equal(0, await silo.StopAsync());
        Assert.Contains(Lines(silo), line => line.GetProperty("Category").GetString()!.StartsWith("Capacitor.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Production_WithAnEndpointForTraces_NamesTheTraceInItsLines()
    {
        using var data = new TemporaryDirectory();
        await using var collector = await TraceReceiver.StartAsync();
        await using var server = await ServerProcess.StartAsync(data.Path, collector.Settings);
        await server.RegisterChargerAsync("CP1");
        await using var charger = await FakeCharger.ConnectAsync(server.OcppUrl, "CP1");
        var span = await collector.WaitForAsync(spans => spans.FirstOrDefault(span => span.Name == "ocpp connect"));
        Assert.Equal(0, await server.StopAsync());
        Assert.Contains(span.TraceId, server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Production_FormatterNamed_IsObeyed()
    {
        using var data = new TemporaryDirectory();
        await using var server = await ServerProcess.StartAsync(data.Path, "--Logging:Console:FormatterName=simple");
        Assert.Equal(0, await server.StopAsync());
        Assert.Contains("Capacitor is ready: API at", server.Output, StringComparison.Ordinal);
        Assert.Contains("info: Microsoft.Hosting.Lifetime", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ThatFails_IsToldInSentences()
    {
        using var data = new TemporaryDirectory();
        await using var server = ServerProcess.Launch(data.Path, "--Capacitor:UnknownChargers=perhaps");
        Assert.Equal(1, await server.WaitForExitAsync());
        Assert.Contains("Capacitor cannot start:\n  - Capacitor:UnknownChargers is 'perhaps'.", server.Output, StringComparison.Ordinal);
    }

    private static List<JsonElement> Lines(ServerProcess process)
    {
        var lines = process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.True(DateTimeOffset.TryParseExact(
            line.GetProperty("Timestamp").GetString(), "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _)));
        var now = TimeProvider.System.GetUtcNow();
        Assert.InRange(DateTimeOffset.Parse(lines[^1].GetProperty("Timestamp").GetString()!, CultureInfo.InvariantCulture), now.AddMinutes(-5), now.AddMinutes(5));
        return lines;
    }
}

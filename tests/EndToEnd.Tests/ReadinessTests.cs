using System.Diagnostics;
using System.Net;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.EndToEnd.Tests;

/// <summary><c>/health/ready</c> tells what a load balancer must know.</summary>
public class ReadinessTests
{
    [Fact]
    public async Task Ready_JournalCannotGrow_SaysSoWithinSecondsAndComesBackByItself()
    {
        using var data = new TemporaryDirectory();
        await using var server = await ServerProcess.StartAsync(data.Path);
        await server.RegisterChargerAsync("CP1");
        await using var charger = await FakeCharger.ConnectAsync(server.OcppUrl, "CP1");

        await server.LimitFilesAsync(1024);
        var began = Stopwatch.GetTimestamp();
        Assert.Equal("""{"status":"journal_unavailable"}""", await WaitForAsync(server, HttpStatusCode.ServiceUnavailable));
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(15), "It took too long to be seen."); // 4 s, on a machine that is not busy
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("/health/live")).StatusCode);

        await server.LimitFilesAsync(null);
        Assert.Equal("""{"status":"ready"}""", await WaitForAsync(server, HttpStatusCode.OK));
        var booted = await charger.CallAsync("BootNotification", """{"chargePointVendor":"Acme","chargePointModel":"One"}""");
        Assert.Equal("Accepted", booted.Payload.GetProperty("status").GetString());
    }

    private static async Task<string> WaitForAsync(ServerProcess server, HttpStatusCode status)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            using var answer = await server.Http.GetAsync("/health/ready");
            var body = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode == status)
            {
                return body;
            }

            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(60), $"Still {body}.\n{server.Output}");
        }
    }
}

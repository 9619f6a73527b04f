using System.Net;
using System.Net.Http.Json;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.EndToEnd.Tests;

/// <summary>The end of the process while a request with an Idempotency-Key is carried out.</summary>
public class IdempotencyCrashTests
{
    [Fact]
    public async Task Kill_WhileTheChargerThinks_SentAgainItIsToldThatNobodyKnowsAndTheChargerIsNotAskedTwice()
    {
        using var data = new TemporaryDirectory();
        var first = await ServerProcess.StartAsync(data.Path);
        await first.RegisterChargerAsync("CP1");
        await using (var charger = await FakeCharger.ConnectAsync(first.OcppUrl, "CP1"))
        {
            var starting = StartAsync(first);
            await charger.NextCallAsync();
            await first.KillAsync();
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => starting);
        }

        await first.DisposeAsync();
        await using var second = await ServerProcess.StartAsync(data.Path);
        await using var back = await FakeCharger.ConnectAsync(second.OcppUrl, "CP1");

        using var again = await StartAsync(second);

        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        var text = await again.Content.ReadAsStringAsync();
        Assert.Contains("how it ended is not known", text, StringComparison.Ordinal);
        Assert.Contains("GET /api/v1/events?chargeBoxId=CP1", text, StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> StartAsync(ServerProcess server)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/v1/chargers/CP1/remote-start") { Content = JsonContent.Create(new { connectorId = 1 }) };
        request.Headers.Add("Idempotency-Key", "once");
        return await server.Http.SendAsync(request);
    }
}

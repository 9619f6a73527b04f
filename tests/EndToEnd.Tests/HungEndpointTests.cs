using System.Text.Json;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.EndToEnd.Tests;

/// <summary>An endpoint that never answers, beside one that does: neither the charger nor the other endpoint notices.</summary>
public class HungEndpointTests
{
    private const int Calls = 40;

    [Fact]
    public async Task HungWebhook_BesideAHealthyOne_DelaysNeitherAnswersNorTheOther()
    {
        using var data = new TemporaryDirectory();
        await using var hung = await WebhookReceiver.StartAsync(ReceiverAnswers.Hang);
        await using var healthy = await WebhookReceiver.StartAsync();
        await using var server = await ServerProcess.StartAsync(data.Path, "--Capacitor:Webhooks:Timeout=00:01:00");
        await server.RegisterChargerAsync("CP1");
        await server.RegisterWebhookAsync(hung.Url);
        await server.RegisterWebhookAsync(healthy.Url);

        await using var charger = await FakeCharger.ConnectAsync(server.OcppUrl, "CP1");
        await hung.WaitForAsync(1); // held from here on, for longer than the test takes
        for (var i = 1; i <= Calls; i++)
        {
            var answer = await charger.CallAsync("StatusNotification", $$"""{"connectorId":{{i}},"errorCode":"NoError","status":"Available"}""");
            Assert.False(answer.IsError);
        }

        var posts = await healthy.WaitForAsync(Calls + 2);
        Assert.Equal(Enumerable.Range(1, Calls), posts.Where(post => Event(post) == "connector.status_changed").Select(Connector));
        Assert.Equal("charger.connected", Event(Assert.Single(hung.Received)));
    }

    private static string? Event(ReceivedWebhook post) => JsonDocument.Parse(post.Body).RootElement.GetProperty("event").GetString();

    private static int Connector(ReceivedWebhook post) => JsonDocument.Parse(post.Body).RootElement.GetProperty("data").GetProperty("connectorId").GetInt32();
}

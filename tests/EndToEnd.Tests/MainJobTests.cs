using System.Text.Json;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.EndToEnd.Tests;

/// <summary>The product as its users meet it: a process, a charger at one end, a receiver at the other.</summary>
public class MainJobTests
{
    private const string Secret = "optional_webhook_secret";

    [Fact]
    public async Task AChargersLife_ArrivesAsSevenKindsOfSignedPosts_InOrder()
    {
        using var data = new TemporaryDirectory();
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var server = await ServerProcess.StartAsync(data.Path);
        await server.RegisterChargerAsync("CHARGER-001");
        await server.RegisterWebhookAsync(receiver.Url, Secret);

        await using (var charger = await FakeCharger.ConnectAsync(server.OcppUrl, "CHARGER-001"))
        {
            await charger.CallAsync("BootNotification", """{"chargePointVendor":"Acme","chargePointModel":"One"}""");
            await charger.CallAsync("StatusNotification", """{"connectorId":1,"errorCode":"NoError","status":"Preparing"}""");
            var started = await charger.CallAsync(
                "StartTransaction", """{"connectorId":1,"idTag":"USER001","meterStart":0,"timestamp":"2026-02-06T14:30:00Z"}""");
            var transaction = started.Payload.GetProperty("transactionId").GetInt32();
            await charger.CallAsync("MeterValues", $$"""
                {"connectorId":1,"transactionId":{{transaction}},"meterValue":[{"timestamp":"2026-02-06T14:31:00Z","sampledValue":[{"value":"1.5","unit":"kWh"}]}]}
                """);
            await charger.CallAsync(
                "StopTransaction", $$"""{"transactionId":{{transaction}},"meterStop":14000,"timestamp":"2026-02-06T15:15:00Z","reason":"EVDisconnected"}""");
            await charger.CloseAsync();
        }

        var posts = await receiver.WaitForAsync(9);
        Assert.Equal(
            [
                "charger.connected", "charger.boot", "connector.status_changed", "charger.status_changed", "transaction.started", "transaction.updated",
                "transaction.stopped", "charger.disconnected", "charger.status_changed",
            ],
            Events(posts));
        Assert.All(posts, post => Assert.Equal(["event", "timestamp", "data"], Json(post).EnumerateObject().Select(member => member.Name)));
        Assert.All(posts, post => Assert.Equal("CHARGER-001", Json(post).GetProperty("data").GetProperty("chargeBoxId").GetString()));
        Assert.All(posts, post => WebhookSignature.AssertBy(Secret, post));
        Assert.Equal(9, posts.Select(post => post.Id).Distinct().Count());
        Assert.Equal(1500, Json(posts[5]).GetProperty("data").GetProperty("meterValue").GetInt64());
        Assert.Equal(14m, Json(posts[6]).GetProperty("data").GetProperty("energyDelivered").GetDecimal());
    }

    [Fact]
    public async Task SigTerm_ClosesSocketsWith1012_AndAChargerThatComesBackWasNeverGone()
    {
        using var data = new TemporaryDirectory();
        await using var receiver = await WebhookReceiver.StartAsync();
        await using (var first = await ServerProcess.StartAsync(data.Path))
        {
            await first.RegisterChargerAsync("CP1");
            await first.RegisterWebhookAsync(receiver.Url);
            await using var charger = await FakeCharger.ConnectAsync(first.OcppUrl, "CP1");
            await charger.CallAsync("Heartbeat");

            Assert.Equal(0, await first.StopAsync());
            Assert.Equal((System.Net.WebSockets.WebSocketCloseStatus)1012, (await charger.WaitForCloseAsync()).Status);
        }

        await using var second = await ServerProcess.StartAsync(data.Path);
        await using var again = await FakeCharger.ConnectAsync(second.OcppUrl, "CP1");
        var status = await again.CallAsync("StatusNotification", """{"connectorId":1,"errorCode":"NoError","status":"Available"}""");

        Assert.False(status.IsError);
        var posts = await receiver.WaitForAsync(4);
        Assert.Equal(["charger.connected", "charger.connected", "connector.status_changed", "charger.status_changed"], Events(posts));
    }

    [Fact]
    public async Task ChargersThatDoNotComeBackAfterARestart_AreReportedDisconnectedOnce()
    {
        using var data = new TemporaryDirectory();
        await using var receiver = await WebhookReceiver.StartAsync();
        await using (var first = await ServerProcess.StartAsync(data.Path))
        {
            await first.RegisterChargerAsync("GONE");
            await first.RegisterWebhookAsync(receiver.Url, null, "charger.disconnected");
            await using var charger = await FakeCharger.ConnectAsync(first.OcppUrl, "GONE");
            await charger.CallAsync("Heartbeat");
            await first.KillAsync();
        }

        await using var second = await ServerProcess.StartAsync(data.Path, "--Capacitor:Chargers:LostConnectionGrace=00:00:01");
        var post = Assert.Single(await receiver.WaitForAsync(1));

        Assert.Equal("server_shutdown", Json(post).GetProperty("data").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task SecondStartOnTheSameData_IsRefusedInASentence()
    {
        using var data = new TemporaryDirectory();
        await using var first = await ServerProcess.StartAsync(data.Path);
        await using var second = ServerProcess.Launch(data.Path);

        Assert.NotEqual(0, await second.WaitForExitAsync());
        Assert.Contains("in use by another Capacitor process", second.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TwoInstancesOnOneMachine_DoNotCollide()
    {
        using var one = new TemporaryDirectory();
        using var two = new TemporaryDirectory();
        var servers = await Task.WhenAll(ServerProcess.StartAsync(one.Path), ServerProcess.StartAsync(two.Path));

        foreach (var server in servers)
        {
            await server.RegisterChargerAsync("CP1");
            await server.DisposeAsync();
        }
    }

    private static IEnumerable<string?> Events(IEnumerable<ReceivedWebhook> posts) => posts.Select(post => Json(post).GetProperty("event").GetString());

    private static JsonElement Json(ReceivedWebhook post) => JsonDocument.Parse(post.Body).RootElement;
}

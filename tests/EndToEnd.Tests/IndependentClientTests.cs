using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.EndToEnd.Tests;

/// <summary>Clients that others wrote, as judges: they know the protocols and nothing of us.</summary>
public class IndependentClientTests
{
    /// <summary>Checks of ocpp-ws-cli that contradict OCPP-J 1.6, each with the reason.</summary>
    private static readonly Dictionary<string, string> NotApplicable = new()
    {
        ["Server requires subprotocol"] =
            "It counts the handshake's 101 as accepted; OCPP-J wants the handshake completed without the header and the socket closed at once, which follows.",
        ["Server rejects non-object payload in CALL"] = "It knows the error code by its 2.x spelling only; 1.6 spells it FormationViolation.",
    };

    [Fact]
    public async Task OcppRpcInStrictMode_LivesAWholeLife_AndIsCommanded()
    {
        using var data = new TemporaryDirectory();
        await using var server = await ServerProcess.StartAsync(data.Path);
        var registered = await server.Http.PostAsJsonAsync("/api/v1/chargers", new { chargeBoxId = "RDAM 123", password = "a-password-of-16-bytes" });
        Assert.Equal(HttpStatusCode.Created, registered.StatusCode);
        await using var client = NodeClient.Start("charger-life.mjs", server.OcppUrl, "RDAM 123", "a-password-of-16-bytes");
        await client.NextAsync("ready");

        var start = await server.Http.PostAsJsonAsync("/api/v1/transactions/start", new { chargeBoxId = "RDAM 123", connectorId = 1, idTag = "APP" });
        Assert.Equal(HttpStatusCode.Accepted, start.StatusCode);
        var transaction = (await client.NextAsync("remoteTransaction")).GetProperty("remoteTransaction").GetInt32();
        var open = await server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/transactions/{transaction}");
        Assert.Equal("in_progress", open.GetProperty("status").GetString());
        Assert.True(open.GetProperty("remoteStarted").GetBoolean());

        var stop = await server.Http.PostAsync($"/api/v1/transactions/{transaction}/stop", null);
        Assert.Equal(HttpStatusCode.Accepted, stop.StatusCode);
        await client.NextAsync("remoteStopped");
        var reset = await server.Http.PostAsJsonAsync("/api/v1/chargers/RDAM%20123/reset", new { type = "Soft" });
        Assert.Equal(HttpStatusCode.OK, reset.StatusCode);
        Assert.Equal("Soft", (await client.NextAsync("reset")).GetProperty("reset").GetString());

        await client.SendAsync("end");
        await client.NextAsync("done");
        var ended = await server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/transactions/{transaction}");
        Assert.Equal(("completed", 0.5m), (ended.GetProperty("status").GetString(), ended.GetProperty("energyDelivered").GetDecimal()));
    }

    [Fact]
    public async Task OcppWsCli_AllSuites_PassEveryCheckThatAppliesToAServer()
    {
        using var data = new TemporaryDirectory();
        using var reports = new TemporaryDirectory();

        // It sends 200,000 bytes and expects to be cut off; ours by default takes 256 KiB.
        await using var server = await ServerProcess.StartAsync(data.Path, "--Capacitor:Ocpp:MaxFrameBytes=131072");
        await server.RegisterChargerAsync("CP1");
        await using var client = NodeClient.Start(
            "node_modules/.bin/ocpp", "test", "-e", server.OcppUrl, "-i", "CP1", "-p", "ocpp1.6", "--suite", "all", "--report", "json", "--report-dir", reports.Path);
        await client.WaitForExitAsync();

        var report = JsonDocument.Parse(await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(reports.Path)))).RootElement;
        var checks = report.GetProperty("testResults").EnumerateArray().ToDictionary(check => check.GetProperty("name").GetString()!);
        Assert.Equal(21, checks.Count);
        Assert.Equal(
            NotApplicable.Keys.Order(), checks.Values.Where(check => !check.GetProperty("passed").GetBoolean()).Select(check => check.GetProperty("name").GetString()).Order());
    }

    [Fact]
    public async Task SvixAndStandardWebhooks_DuringARotation_VerifyWithTheOldAndTheNewSecret()
    {
        const string First = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        using var data = new TemporaryDirectory();
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var server = await ServerProcess.StartAsync(data.Path);
        await server.RegisterChargerAsync("CP1");
        var webhook = await server.RegisterWebhookAsync(receiver.Url, First);
        using var rotation = await server.Http.PostAsJsonAsync($"/api/v1/webhooks/{webhook}/secret/rotate", new { overlapHours = 1 });
        var second = (await rotation.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("secret").GetString()!;
        await using var charger = await FakeCharger.ConnectAsync(server.OcppUrl, "CP1");
        var delivery = (await receiver.WaitForAsync(1))[0];
        await using var libraries = NodeClient.Start("signatures.mjs");

        foreach (var library in new[] { "svix", "standardwebhooks" })
        {
            Assert.True(await VerifiesAsync(library, First, delivery.Text));
            Assert.True(await VerifiesAsync(library, second, delivery.Text));
            Assert.False(await VerifiesAsync(library, "whsec_fpeW4ShBN1ARMOpA9PRSRwwHrZcD/kCcSgBFGuXJFUA=", delivery.Text));
            Assert.False(await VerifiesAsync(library, second, delivery.Text.Replace("CP1", "CP2", StringComparison.Ordinal)));
        }

        // Versions that they do not know do not disturb them.
        using var change = await server.Http.PatchAsJsonAsync($"/api/v1/webhooks/{webhook}", new { signature = "v1a" });
        Assert.Equal(HttpStatusCode.OK, change.StatusCode);
        await charger.CallAsync("BootNotification", """{"chargePointVendor":"Ünïcode ⚡","chargePointModel":"One"}""");
        delivery = (await receiver.WaitForAsync(2))[1];
        Assert.Equal(["v1a", "v1", "v1"], delivery.Headers["webhook-signature"].Split(' ').Select(entry => entry.Split(',')[0]));
        Assert.True(await VerifiesAsync("svix", First, delivery.Text));
        Assert.True(await VerifiesAsync("standardwebhooks", second, delivery.Text));

        async Task<bool> VerifiesAsync(string library, string secret, string body)
        {
            await libraries.SendAsync(JsonSerializer.Serialize(new { library, secret, headers = delivery.Headers, body }));
            return (await libraries.NextAsync("verified")).GetProperty("verified").GetBoolean();
        }
    }

    [Theory]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("optional_webhook_secret")]
    public async Task StandardWebhooksLibrary_VerifiesEveryDelivery(string secret)
    {
        using var data = new TemporaryDirectory();
        await using var receiver = NodeClient.Start("receiver.mjs", secret);
        var port = (await receiver.NextAsync("port")).GetProperty("port").GetInt32();
        await using var server = await ServerProcess.StartAsync(data.Path);
        await server.RegisterChargerAsync("CP1");
        await server.RegisterWebhookAsync(new Uri($"http://127.0.0.1:{port}/hook"), secret);
        await using var charger = await FakeCharger.ConnectAsync(server.OcppUrl, "CP1");
        await charger.CallAsync("BootNotification", """{"chargePointVendor":"Ünïcode ⚡","chargePointModel":"One"}""");

        foreach (var expected in new[] { "charger.connected", "charger.boot" })
        {
            var delivery = await receiver.NextAsync("verified");
            Assert.True(delivery.GetProperty("verified").GetBoolean(), delivery.ToString());
            Assert.Equal(expected, delivery.GetProperty("event").GetString());
        }
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Capacitor.Cli.Listen;
using Capacitor.Testing;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Capacitor.EndToEnd.Tests;

/// <summary>`capacitor listen` between a real server and real receivers.</summary>
public class ListenTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Fact]
    public void Sign_OfStandardWebhooks_IsItsSignature()
    {
        Assert.True(SigningSecret.TryParse(Secret, out var secret));
        Assert.Equal(
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            secret.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", """{"test": 2432232314}"""u8));
        Assert.False(SigningSecret.TryParse("whsec_not base64!", out _));
        Assert.False(SigningSecret.TryParse("whsec_", out _));
        Assert.False(SigningSecret.TryParse("", out _));
        Assert.True(SigningSecret.TryParse(SigningSecret.Make().Text, out _));
    }

    [Fact]
    public async Task Listen_BesideAWebhook_PostsWhatTheWebhookPosts()
    {
        const string secret = "optional_webhook_secret";
        using var data = new TemporaryDirectory();
        await using var webhook = await WebhookReceiver.StartAsync();
        await using var local = await WebhookReceiver.StartAsync();
        await using var server = await ServerProcess.StartAsync(data.Path);
        await server.RegisterChargerAsync("CP1");
        await server.RegisterWebhookAsync(new Uri(webhook.Url, "/hook?a=b"), secret);
        await using var listen = await ListenProcess.StartAsync(
            ServerProcess.ApiKey, "--url", $"{server.Address}", "--forward-to", $"{new Uri(local.Url, "/hook?a=b")}", "--secret", secret);

        await using (var charger = await FakeCharger.ConnectAsync(server.OcppUrl, "CP1"))
        {
            await charger.CallAsync("BootNotification", """{"chargePointVendor":"Ünïcode ⚡ \\ \"","chargePointModel":"One"}""");
            await ChangeAsync(charger, 4);
        }

        var expected = await webhook.WaitForAsync(9);
        var posts = await local.WaitForAsync(9);

        Assert.Equal(expected.Select(Told), posts.Select(Told));
        Assert.All(posts, post => WebhookSignature.AssertBy(secret, post));
        string[] own = ["Host", "webhook-timestamp", "webhook-signature"]; // of the moment, and of the address
        foreach (var (wanted, post) in expected.Zip(posts))
        {
            Assert.All(post.Headers.Keys.Except(wanted.Headers.Keys), name => Assert.StartsWith("Capacitor-", name, StringComparison.OrdinalIgnoreCase));
            Assert.All(wanted.Headers.Keys, name => Assert.Contains(name, post.Headers));
            Assert.All(wanted.Headers.Where(header => !own.Contains(header.Key)), header => Assert.Equal(header.Value, post.Headers[header.Key]));
        }

        Assert.Equal(Enumerable.Range(2, 9).Select(number => $"{number}"), posts.Select(post => post.Headers["Capacitor-Sequence"]));
        Assert.Equal(Enumerable.Range(2, 9).Select(number => $"{number}"), posts.Select(post => post.Headers["Capacitor-Charger-Sequence"]));
        Assert.Matches(@"^\d\d:\d\d:\d\d  charger\.boot +CP1 +200  \d+ ms$", await listen.NextAsync("charger.boot"));
        await listen.NextAsync("charger.disconnected");
        await listen.NextAsync("charger.status_changed");
        var (code, output) = await listen.InterruptAsync();
        Assert.Equal(0, code);
        Assert.StartsWith("9 events taken, 0 not taken. To go on where this ended: --after ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listen_WithoutASecret_PrintsOneThatTheStandardLibraryVerifiesWith()
    {
        using var data = new TemporaryDirectory();
        await using var server = await ServerProcess.StartAsync(data.Path);
        await server.RegisterChargerAsync("CP1");
        await server.RegisterChargerAsync("CP2");
        await using var other = await FakeCharger.ConnectAsync(server.OcppUrl, "CP2");
        await other.CallAsync("Heartbeat");

        var port = FreePort(); // the secret is known only when it listens, and the library wants to know it first
        await using var listen = await ListenProcess.StartAsync(
            null, "--api-key", ServerProcess.ApiKey, "--url", $"{server.Address}", "--forward-to", $"http://127.0.0.1:{port}/", "--charger", "cp1", "--events", "charger.*,transaction.started");
        var secret = listen.FirstLine.Split(' ').Single(word => word.StartsWith("whsec_", StringComparison.Ordinal));
        await using var receiver = NodeClient.Start("receiver.mjs", secret, $"{port}");
        await receiver.NextAsync("port");

        await ChangeAsync(other, 1);
        await using var charger = await FakeCharger.ConnectAsync(server.OcppUrl, "CP1");
        await ChangeAsync(charger, 1);
        await charger.CallAsync("BootNotification", """{"chargePointVendor":"Ünïcode ⚡","chargePointModel":"One"}""");

        foreach (var expected in new[] { "charger.connected", "charger.status_changed", "charger.boot" })
        {
            var delivery = await receiver.NextAsync("verified");
            Assert.True(delivery.GetProperty("verified").GetBoolean(), delivery.ToString());
            Assert.Equal((expected, "CP1"), (delivery.GetProperty("event").GetString(), delivery.GetProperty("chargeBoxId").GetString()));
        }
    }

    [Fact]
    public async Task Listen_ServerIsKilledAndComesBack_LosesNothingAndPostsNothingTwice()
    {
        using var data = new TemporaryDirectory();
        await using var local = await WebhookReceiver.StartAsync();
        var port = FreePort();
        string[] settings = ["--urls", $"http://127.0.0.1:{port}"];
        ListenProcess listen;
        await using (var server = await ServerProcess.StartAsync(data.Path, settings))
        {
            await server.RegisterChargerAsync("CP1");
            listen = await ListenProcess.StartAsync(ServerProcess.ApiKey, "--url", $"{server.Address}", "--forward-to", $"{local.Url}", "--quiet");
            await using var charger = await FakeCharger.ConnectAsync(server.OcppUrl, "CP1");
            await ChangeAsync(charger, 20);
            await server.KillAsync(); // somewhere amid the twenty
        }

        await using var end = listen;
        await listen.NextAsync("is gone: ");
        await using var again = await ServerProcess.StartAsync(data.Path, settings);
        await using var later = await FakeCharger.ConnectAsync(again.OcppUrl, "CP1");
        await ChangeAsync(later, 3);

        await listen.NextAsync("Connected again.");
        var page = await again.Http.GetFromJsonAsync<JsonElement>("/api/v1/events?limit=1000");
        var ids = page.GetProperty("events").EnumerateArray().Select(item => item.GetProperty("id").GetString()).Skip(1).ToList(); // registered before anybody listened
        Assert.Equal(ids, (await local.WaitForAsync(ids.Count)).Select(post => post.Id));
        Assert.Equal(0, (await listen.InterruptAsync()).Code);
        Assert.Equal(ids.Count, local.Received.Count);
    }

    [Fact]
    public async Task Listen_ProgramRefusesOrIsAway_SaysWhyAndHowToGetTheEventAgain_AndGoesOn()
    {
        using var data = new TemporaryDirectory();
        await using var server = await ServerProcess.StartAsync(data.Path);
        await server.RegisterChargerAsync("CP1");
        await using var charger = await FakeCharger.ConnectAsync(server.OcppUrl, "CP1");
        await charger.CallAsync("StatusNotification", """{"connectorId":255,"errorCode":"NoError","status":"Charging"}"""); // it is occupied, whatever comes
        var port = FreePort();
        await using var listen = await ListenProcess.StartAsync(ServerProcess.ApiKey, "--url", $"{server.Address}", "--forward-to", $"http://127.0.0.1:{port}/", "--quiet");

        await ChangeAsync(charger, 1);
        var away = await listen.NextAsync("NOT TAKEN");
        Assert.Contains("Connection refused", away, StringComparison.Ordinal);
        Assert.Contains("connector.status_changed", away, StringComparison.Ordinal);

        var after = away.Split("--after ")[1].TrimEnd(')');
        await using var picky = await WebhookReceiver.StartAsync(async (context, _) =>
        {
            context.Response.StatusCode = 422;
            await context.Response.WriteAsync("no such\u001b[31m customer\n");
        });
        await using var second = await ListenProcess.StartAsync(ServerProcess.ApiKey, "--url", $"{server.Address}", "--forward-to", $"{picky.Url}", "--after", after);
        var refused = await second.NextAsync("NOT TAKEN");

        Assert.Contains("422", refused, StringComparison.Ordinal);
        Assert.Contains("NOT TAKEN: no such [31m customer (evt_", refused, StringComparison.Ordinal);
        Assert.Contains((await picky.WaitForAsync(1))[0].Id, away, StringComparison.Ordinal); // the one that had failed
        picky.Answer = ReceiverAnswers.Status(200);
        await ChangeAsync(charger, 2); // what it says again is no event
        Assert.Contains("200", await second.NextAsync("connector.status_changed"), StringComparison.Ordinal);
        Assert.StartsWith("1 events taken, 1 not taken.", (await second.InterruptAsync()).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listen_WhatCannotBegin_SaysWhyInASentenceAndEndsWithACodeOfItsOwn()
    {
        using var data = new TemporaryDirectory();
        await using var server = await ServerProcess.StartAsync(data.Path);
        await using var website = await WebhookReceiver.StartAsync(ReceiverAnswers.Status(404));
        var here = $"{server.Address}";
        var suspended = await SuspendedKeyAsync(server);

        await FailsAsync(3, "The API key was refused: The API key is unknown or revoked.", "cap_live_of_nobody_at_all", "--url", here);
        await FailsAsync(4, "This account may not listen: This account is suspended.", suspended, "--url", here);
        await FailsAsync(5, "Is --url right?", ServerProcess.ApiKey, "--url", $"{website.Url}");
        await FailsAsync(5, "Is --url right?", ServerProcess.ApiKey, "--url", here + "nowhere");
        await FailsAsync(1, "cannot be reached at http://127.0.0.1:1/: Connection refused", ServerProcess.ApiKey, "--url", "http://127.0.0.1:1");
        await FailsAsync(1, "'type' must name events", ServerProcess.ApiKey, "--url", here, "--events", "charger.exploded");
        await FailsAsync(1, "CAPACITOR_API_KEY", null, "--url", here);
        await FailsAsync(1, "--secret must have", ServerProcess.ApiKey, "--url", here, "--secret", "whsec_!");
        await FailsAsync(1, "--url must begin with", ServerProcess.ApiKey, "--url", "localhost:5080");
    }

    private static async Task FailsAsync(int code, string sentence, string? key, params string[] arguments)
    {
        await using var listen = ListenProcess.Launch(key, ["--forward-to", "http://127.0.0.1:1/hook", .. arguments]);
        var (exit, output) = await listen.EndAsync();
        Assert.True(exit == code, output);
        Assert.Contains(sentence, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.DoesNotContain(key ?? "cap_live", output, StringComparison.Ordinal);
    }

    private static async Task<string> SuspendedKeyAsync(ServerProcess server)
    {
        using var admin = new HttpClient { BaseAddress = server.Address, DefaultRequestHeaders = { { "X-Admin-Key", ServerProcess.AdminKey } } };
        using var made = await admin.PostAsJsonAsync("/api/v1/admin/tenants", new { name = "late with its bills" });
        var tenant = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
        using var key = await admin.PostAsJsonAsync($"/api/v1/admin/tenants/{tenant}/api-keys", new { name = "only" });
        using var suspended = await admin.PatchAsJsonAsync($"/api/v1/admin/tenants/{tenant}", new { suspended = true });
        Assert.Equal(HttpStatusCode.OK, suspended.StatusCode);
        return (await key.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("key").GetString()!;
    }

    private static async Task ChangeAsync(FakeCharger charger, int times)
    {
        for (var change = 0; change < times; change++)
        {
            await charger.CallAsync("StatusNotification", $$"""{"connectorId":{{change / 2 + 1}},"errorCode":"NoError","status":"{{(change % 2 == 0 ? "Preparing" : "Charging")}}"}""");
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static (string, string, string) Told(ReceivedWebhook post) => (post.Id, post.Path, Convert.ToHexString(post.Body));
}

using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Capacitor.Testing;

namespace Capacitor.Api.Tests.Webhooks;

/// <summary>What can be said of a webhook beyond the documented members, by its literal bytes.</summary>
[Collection(ApiServer.Collection)]
public sealed class WebhookExtensionApiTests(ApiServer server)
{
    private const string Path = "/api/v1/webhooks";
    private const string Url = "https://myapp.invalid/webhooks/capacitor";

    private const string Everything = """
        "description":"mine","chargeBoxIds":["CP-1","CP-2"],"retryPolicy":{"maxAttempts":4,"delaysSeconds":[5,60]},"ordering":"strict","orderingTimeoutSeconds":600,"timeoutSeconds":15,"conflate":["transaction.updated"],"disableAfterHours":120
        """;

    [Fact]
    public async Task Post_EveryMember_IsShownAfterTheDocumentedOnes()
    {
        var reply = await server.Http.SendAsync("POST", Path, $$$"""{"url":"{{{Url}}}","events":["transaction.*"],{{{Everything}}},"headers":{"X-One":"1","Authorization":"Bearer s3cret"}}""");

        Assert.Equal(201, reply.Status);
        var at = reply.Json.GetProperty("createdAt").GetString();
        Assert.Equal(
            $$"""{"id":"{{Id(reply)}}","url":"{{Url}}","events":["transaction.*"],"active":true,"createdAt":"{{at}}",{{Everything.Trim()}},"headers":["X-One","Authorization"]}""",
            reply.Body);
        Assert.Equal(reply.Body, (await server.Http.SendAsync("GET", $"{Path}/{Id(reply)}")).Body);
    }

    [Fact]
    public async Task Patch_NullOfEveryMember_LeavesTheDocumentedWebhook()
    {
        var plain = await server.Http.SendAsync("POST", Path, New());
        var one = $"{Path}/{Id(plain)}";
        var set = await server.Http.SendAsync("PATCH", one, $$"""{{{Everything}},"headers":{"X-One":"1"},"signature":"v1a"}""");
        Assert.Equal(200, set.Status);
        Assert.Equal(["CP-1", "CP-2"], Texts(set, "chargeBoxIds"));

        Assert.Equal(set.Body, (await server.Http.SendAsync("PATCH", one, "{}")).Body);
        var some = await server.Http.SendAsync("PATCH", one, """{"timeoutSeconds":null,"ordering":"relaxed"}""");
        Assert.Equal((false, false, true), (Has(some, "timeoutSeconds"), Has(some, "ordering"), Has(some, "retryPolicy")));
        var reset = await server.Http.SendAsync("PATCH", one, """
            {"description":null,"chargeBoxIds":null,"retryPolicy":null,"ordering":null,"orderingTimeoutSeconds":null,"timeoutSeconds":null,"conflate":null,"disableAfterHours":null,"headers":null,"signature":null,"secret":"again","tls":null}
            """);
        Assert.Equal(plain.Body, reset.Body);
    }

    [Theory]
    [InlineData("""{"description":""}""", "description", "1 to 256")]
    [InlineData("""{"description":7}""", "description", "must be a string")]
    [InlineData("""{"chargeBoxIds":[]}""", "chargeBoxIds", "1 to 1000")]
    [InlineData("""{"chargeBoxIds":"CP-1"}""", "chargeBoxIds", "array of strings")]
    [InlineData("""{"events":["transactions.*"]}""", "events", "transaction.*")]
    [InlineData("""{"retryPolicy":3}""", "retryPolicy", "an object, or null")]
    [InlineData("""{"retryPolicy":{}}""", "retryPolicy.maxAttempts", "required")]
    [InlineData("""{"retryPolicy":{"maxAttempts":11}}""", "retryPolicy.maxAttempts", "1 to 10")]
    [InlineData("""{"retryPolicy":{"maxAttempts":3,"delaysSeconds":["5"]}}""", "retryPolicy.delaysSeconds[0]", "whole number")]
    [InlineData("""{"retryPolicy":{"maxAttempts":3,"delaysSeconds":[5,5,5]}}""", "retryPolicy.delaysSeconds", "1 to 2")]
    [InlineData("""{"ordering":"loose"}""", "ordering", "strict, relaxed")]
    [InlineData("""{"orderingTimeoutSeconds":0}""", "orderingTimeoutSeconds", "1 to 86400")]
    [InlineData("""{"timeoutSeconds":31}""", "timeoutSeconds", "1 to 30")]
    [InlineData("""{"timeoutSeconds":1.5}""", "timeoutSeconds", "whole number")]
    [InlineData("""{"conflate":["charger.boot"]}""", "conflate", "connector.status_changed")]
    [InlineData("""{"disableAfterHours":2147483647}""", "disableAfterHours", "1 to 720")]
    [InlineData("""{"headers":["X-One"]}""", "headers", "an object, or null")]
    [InlineData("""{"headers":{"X-One":1}}""", "headers.X-One", "a string")]
    [InlineData("""{"headers":{"Host":"a"}}""", "headers", "Reserved are")]
    [InlineData("""{"signature":"v2"}""", "signature", "v1, v1a")]
    [InlineData("""{"signature":"v1a","secret":"mine"}""", "secret", "made here")]
    [InlineData("""{"tls":{"clientKey":"k"}}""", "tls.clientCertificate", "clientCertificate")]
    [InlineData("""{"tls":{"authorities":"none"}}""", "tls.authorities", "PEM")]
    [InlineData("""{"tls":{}}""", "tls", "empty")]
    [InlineData("""{"tls":{"authorities":null}}""", "tls", "empty")]
    [InlineData("""{"active":"no"}""", "active", "true or false")]
    public async Task PostAndPatch_WhatIsNotAllowed_IsRefusedWithTheMember(string members, string field, string message)
    {
        var created = await server.Http.SendAsync("POST", Path, New());
        var whole = members.Contains("\"events\"", StringComparison.Ordinal) ? $$"""{"url":"{{Url}}",{{members[1..]}}""" : $$"""{"url":"{{Url}}","events":["*"],{{members[1..]}}""";
        foreach (var reply in new[] { await server.Http.SendAsync("POST", Path, whole), await server.Http.SendAsync("PATCH", $"{Path}/{Id(created)}", members) })
        {
            reply.AssertError(400, "VALIDATION_ERROR", message);
            Assert.Equal(field, reply.Json.GetProperty("error").GetProperty("details").GetProperty("field").GetString());
        }

        Assert.Equal(created.Body, (await server.Http.SendAsync("GET", $"{Path}/{Id(created)}")).Body);
    }

    [Fact]
    public async Task Post_Tls_ShowsTheCertificateAndNoKey()
    {
        using var authority = TestAuthority.Create("Their Root");
        using var client = authority.IssueClient("capacitor");
        var key = client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();
        var body = JsonSerializer.Serialize(new { url = Url, events = new[] { "*" }, tls = new { clientCertificate = client.ExportCertificatePem(), clientKey = key, authorities = authority.Pem } });

        var reply = await server.Http.SendAsync("POST", Path, body);

        var tls = reply.Json.GetProperty("tls");
        Assert.Equal(["clientCertificate", "authorities"], Reply.Names(tls));
        Assert.Equal(["subject", "thumbprint", "notAfter"], Reply.Names(tls.GetProperty("clientCertificate")));
        Assert.Equal("CN=capacitor", tls.GetProperty("clientCertificate").GetProperty("subject").GetString());
        Assert.Equal(1, tls.GetProperty("authorities").GetInt32());
        Assert.DoesNotContain("BEGIN", reply.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PostAndPatch_TlsWithoutHttps_IsRefused()
    {
        using var authority = TestAuthority.Create("Their Root");
        var tls = JsonSerializer.Serialize(new { authorities = authority.Pem });
        (await server.Http.SendAsync("POST", Path, $$"""{"url":"http://myapp.invalid/","events":["*"],"tls":{{tls}}}""")).AssertError(400, "VALIDATION_ERROR", "need an https url");
        var plain = $"{Path}/{Id(await server.Http.SendAsync("POST", Path, """{"url":"http://myapp.invalid/","events":["*"]}"""))}";
        (await server.Http.SendAsync("PATCH", plain, $$"""{"tls":{{tls}}}""")).AssertError(400, "VALIDATION_ERROR", "need an https url");

        var secure = $"{Path}/{Id(await server.Http.SendAsync("POST", Path, $$"""{"url":"{{Url}}","events":["*"],"tls":{{tls}}}"""))}";
        (await server.Http.SendAsync("PATCH", secure, """{"url":"http://myapp.invalid/"}""")).AssertError(400, "VALIDATION_ERROR", "need an https url");
        Assert.Equal(200, (await server.Http.SendAsync("PATCH", secure, """{"description":"other"}""")).Status);
        Assert.Equal(200, (await server.Http.SendAsync("PATCH", secure, """{"url":"http://myapp.invalid/","tls":null}""")).Status);
    }

    [Fact]
    public async Task Post_Inactive_RestsUntilItIsActivated()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var tenant = await server.Capacitor.AddTenantAsync(Capacitor.Tenants.Tier.Starter);
        var charger = await server.AddChargerAsync(tenant.Http);
        var created = await tenant.Http.SendAsync("POST", Path, $$"""{"url":"{{receiver.Url}}","events":["*"],"active":false}""");
        Assert.Equal((201, false), (created.Status, created.Json.GetProperty("active").GetBoolean()));
        await VisitAsync();

        var active = await tenant.Http.SendAsync("PATCH", $"{Path}/{Id(created)}", """{"active":true}""");
        Assert.Equal(created.Body.Replace("\"active\":false", "\"active\":true", StringComparison.Ordinal), active.Body);
        await VisitAsync();

        // The same three events as the first time; had those been sent, they would have come before.
        var received = await receiver.WaitForAsync(3);
        Assert.Equal(["5", "6", "7"], received.Select(webhook => webhook.Headers["capacitor-charger-sequence"]));

        async Task VisitAsync()
        {
            await using var socket = await server.ConnectAsync(charger);
            await socket.CallAsync("BootNotification", ChargerMessages.Boot());
            await socket.CloseAsync();
            await server.WaitUntilOfflineAsync(charger, tenant.Http);
        }
    }

    [Theory]
    [InlineData("https://myapp.invalid:0/", "port 0")]
    [InlineData("http://myapp.invalid:6000/", "port 6000, which belongs to a protocol other than HTTP")]
    public async Task PostAndPatch_APortThatIsNotForHttp_IsRefused(string url, string message)
    {
        (await server.Http.SendAsync("POST", Path, $$"""{"url":"{{url}}","events":["*"]}""")).AssertError(400, "VALIDATION_ERROR", message);
        var created = await server.Http.SendAsync("POST", Path, New());
        (await server.Http.SendAsync("PATCH", $"{Path}/{Id(created)}", $$"""{"url":"{{url}}"}""")).AssertError(400, "VALIDATION_ERROR", message);
    }

    [Fact]
    public async Task Rotate_Unsigned_MakesASecretAndShowsItThisOnce()
    {
        var created = await server.Http.SendAsync("POST", Path, New());

        var reply = await server.Http.SendAsync("POST", $"{Path}/{Id(created)}/secret/rotate");

        Assert.Equal(200, reply.Status);
        Assert.Matches("""^\{"secret":"whsec_[A-Za-z0-9+/]{43}=","signature":"v1"\}$""", reply.Body);
        Assert.Equal(created.Body, (await server.Http.SendAsync("GET", $"{Path}/{Id(created)}")).Body);
    }

    [Fact]
    public async Task Rotate_Signed_TellsUntilWhenTheOldOneSigns()
    {
        var created = await server.Http.SendAsync("POST", Path, $$"""{"url":"{{Url}}","events":["*"],"secret":"first"}""");
        var rotate = $"{Path}/{Id(created)}/secret/rotate";

        var before = TimeProvider.System.GetUtcNow();
        var reply = await server.Http.SendAsync("POST", rotate, """{"secret":"second"}""");
        Assert.Equal(["secret", "signature", "overlapUntil"], Reply.Names(reply.Json));
        Assert.Equal("second", reply.Json.GetProperty("secret").GetString());
        Assert.InRange(reply.Json.GetProperty("overlapUntil").GetDateTimeOffset(), before.AddHours(24).AddSeconds(-1), TimeProvider.System.GetUtcNow().AddHours(24));
        Assert.Equal(["secret", "signature"], Reply.Names((await server.Http.SendAsync("POST", $"{Path}/{Id(await server.Http.SendAsync("POST", Path, New()))}/secret/rotate", """{"overlapHours":0}""")).Json));

        (await server.Http.SendAsync("POST", rotate, """{"overlapHours":169}""")).AssertError(400, "VALIDATION_ERROR", "0 to 168");
        (await server.Http.SendAsync("POST", rotate, """{"overlapHours":"1"}""")).AssertError(400, "VALIDATION_ERROR", "whole number");
        (await server.Http.SendAsync("POST", rotate, """{"secret":""}""")).AssertError(400, "VALIDATION_ERROR", "secret");
        (await server.Http.SendAsync("POST", $"{Path}/wh_none/secret/rotate", "not JSON")).AssertError(404, "NOT_FOUND", "wh_none");
    }

    [Fact]
    public async Task Rotate_V1a_ShowsTheNewPublicKeyOnly()
    {
        var created = await server.Http.SendAsync("POST", Path, $$"""{"url":"{{Url}}","events":["*"],"signature":"v1a"}""");
        Assert.Equal("v1a", created.Json.GetProperty("signature").GetString());
        Assert.Matches("^whpk_[A-Za-z0-9+/]{43}=$", created.Json.GetProperty("publicKey").GetString());

        var reply = await server.Http.SendAsync("POST", $"{Path}/{Id(created)}/secret/rotate", "{}");

        Assert.Equal(["publicKey", "signature", "overlapUntil"], Reply.Names(reply.Json));
        Assert.NotEqual(created.Json.GetProperty("publicKey").GetString(), reply.Json.GetProperty("publicKey").GetString());
        Assert.Equal(reply.Json.GetProperty("publicKey").GetString(), (await server.Http.SendAsync("GET", $"{Path}/{Id(created)}")).Json.GetProperty("publicKey").GetString());
        Assert.DoesNotContain("whsk_", reply.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rotate_OfAnotherTenant_IsNotFound()
    {
        var other = await server.Capacitor.AddTenantAsync(Capacitor.Tenants.Tier.Starter);
        var created = await server.Http.SendAsync("POST", Path, New());
        (await other.Http.SendAsync("POST", $"{Path}/{Id(created)}/secret/rotate")).AssertError(404, "NOT_FOUND", Id(created));
    }

    [Fact]
    public async Task Post_MoreThanTheTierAllows_Is429WithTheTierThatIsNeeded()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Capacitor.Tenants.Tier.Starter);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(201, (await tenant.Http.SendAsync("POST", Path, New())).Status);
        }

        var reply = await tenant.Http.SendAsync("POST", Path, New());

        reply.AssertError(429, "RATE_LIMIT_ERROR", "The Starter tier allows 5 webhooks");
        Assert.Equal("""{"requiredTier":"growth","currentTier":"starter"}""", reply.Json.GetProperty("error").GetProperty("details").GetRawText());
        await server.Capacitor.Admin.SendAsync("PATCH", $"/api/v1/admin/tenants/{tenant.Id}", """{"tier":"growth"}""");
        Assert.Equal(201, (await tenant.Http.SendAsync("POST", Path, New())).Status);
    }

    private static string New() => $$"""{"url":"{{Url}}","events":["transaction.started"]}""";

    private static string Id(Reply reply) => reply.Json.GetProperty("id").GetString()!;

    private static bool Has(Reply reply, string member) => reply.Json.TryGetProperty(member, out _);

    private static IEnumerable<string?> Texts(Reply reply, string member) => reply.Json.GetProperty(member).EnumerateArray().Select(name => name.GetString());
}

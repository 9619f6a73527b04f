using System.Text.Json;
using Capacitor.Tenants;
using Capacitor.Testing;

namespace Capacitor.Api.Tests.Security;

/// <summary>Security profiles and certificate authorities through the API.</summary>
[Collection(ApiServer.Collection)]
public sealed class SecurityApiTests(ApiServer server)
{
    private const string Authorities = "/api/v1/certificate-authorities";

    [Theory]
    [InlineData("""{"securityProfile":1}""", "password")]
    [InlineData("""{"securityProfile":2}""", "password")]
    [InlineData("""{"securityProfile":0,"password":"secret-enough-16"}""", "password")]
    [InlineData("""{"securityProfile":4}""", "0 to 3")]
    [InlineData("""{"securityProfile":"2"}""", "0 to 3")]
    [InlineData("""{"securityProfile":3}""", "certificate authority")]
    public async Task Register_ProfileThatCannotWork_Is400WithTheWayOut(string body, string words)
    {
        var reply = await server.Http.SendAsync("POST", "/api/v1/chargers", body.Replace("{", $$"""{"chargeBoxId":"{{ApiServer.NewChargeBoxId()}}",""", StringComparison.Ordinal));
        Assert.Equal(400, reply.Status);
        Assert.Contains(words, reply.Json.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("securityProfile", reply.Json.GetProperty("error").GetProperty("details").GetProperty("field").GetString());
    }

    [Fact]
    public async Task Register_WithProfile_TellsItAndTheSchemeThatGoesWithIt()
    {
        var id = await AddAsync(2);
        var found = await server.Http.SendAsync("GET", $"/api/v1/chargers/{id}");
        Assert.Equal(2, found.Json.GetProperty("securityProfile").GetInt32());
        Assert.StartsWith("wss://", found.Json.GetProperty("connectionUrl").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Register_WithoutProfile_SaysNothingOfIt()
    {
        var found = await server.Http.SendAsync("GET", $"/api/v1/chargers/{await server.AddChargerAsync()}");
        Assert.False(found.Json.TryGetProperty("securityProfile", out _));
    }

    [Theory]
    [InlineData("""{"securityProfile":1}""")]
    [InlineData("""{"securityProfile":0,"password":null}""")]
    [InlineData("""{"securityProfile":null}""")]
    public async Task Change_ToALowerProfile_IsRefusedUnlessSaidSo(string body)
    {
        var id = await AddAsync(2);
        var refused = await server.Http.SendAsync("PATCH", $"/api/v1/chargers/{id}", body);
        var before = await server.Http.SendAsync("GET", $"/api/v1/chargers/{id}");
        var allowed = await server.Http.SendAsync("PATCH", $"/api/v1/chargers/{id}", body.Replace("{", """{"allowDowngrade":true,""", StringComparison.Ordinal));
        Assert.Equal((409, 2, 200), (refused.Status, before.Json.GetProperty("securityProfile").GetInt32(), allowed.Status));
    }

    [Fact]
    public async Task Change_ToAHigherProfile_NeedsNoMoreThanWhatItAsksFor()
    {
        var id = await AddAsync(1);
        Assert.Equal(200, (await server.Http.SendAsync("PATCH", $"/api/v1/chargers/{id}", """{"securityProfile":2}""")).Status);
        Assert.Equal(400, (await server.Http.SendAsync("PATCH", $"/api/v1/chargers/{id}", """{"password":null}""")).Status);
        Assert.Equal(200, (await server.Http.SendAsync("PATCH", $"/api/v1/chargers/{id}", """{"name":"other"}""")).Status);
    }

    [Fact]
    public async Task Authorities_AddedListedAndRemoved_AreTheTenantsOwn()
    {
        var one = await server.Capacitor.AddTenantAsync(Tier.Scale);
        var other = await server.Capacitor.AddTenantAsync(Tier.Scale);
        using var root = TestAuthority.Create("Charger Root");
        using var below = root.Below("Charger CA");
        var pem = JsonSerializer.Serialize(new { pem = root.Pem + "\n" + below.Pem });

        var added = await one.Http.SendAsync("POST", Authorities, pem);
        var again = await one.Http.SendAsync("POST", Authorities, pem);
        var entries = (await one.Http.SendAsync("GET", Authorities)).Json.GetProperty("certificateAuthorities");
        Assert.Equal((200, 200, 2, true), (added.Status, again.Status, entries.GetArrayLength(), JsonElement.DeepEquals(entries, again.Json.GetProperty("certificateAuthorities"))));
        Assert.Equal(("CN=Charger Root", true), (entries[0].GetProperty("subject").GetString(), entries[0].GetProperty("root").GetBoolean()));
        Assert.False(entries[1].GetProperty("root").GetBoolean());
        Assert.Equal(0, (await other.Http.SendAsync("GET", Authorities)).Json.GetProperty("certificateAuthorities").GetArrayLength());

        var fingerprint = entries[1].GetProperty("fingerprint").GetString();
        Assert.Equal(404, (await other.Http.SendAsync("DELETE", $"{Authorities}/{fingerprint}")).Status);
        Assert.Equal(200, (await one.Http.SendAsync("DELETE", $"{Authorities}/{fingerprint}")).Status);
        Assert.Equal(404, (await one.Http.SendAsync("DELETE", $"{Authorities}/{fingerprint}")).Status);
    }

    [Fact]
    public async Task Authorities_OfTheOperator_AreTheTenants()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Scale);
        using var root = TestAuthority.Create();
        var path = $"/api/v1/admin/tenants/{tenant.Id}/certificate-authorities";
        Assert.Equal(200, (await server.Capacitor.Admin.SendAsync("POST", path, JsonSerializer.Serialize(new { pem = root.Pem }))).Status);
        Assert.Equal(1, (await tenant.Http.SendAsync("GET", Authorities)).Json.GetProperty("certificateAuthorities").GetArrayLength());
        Assert.Equal(404, (await server.Capacitor.Admin.SendAsync("GET", "/api/v1/admin/tenants/ten_nobody/certificate-authorities")).Status);
        Assert.Equal(401, (await server.Capacitor.Anonymous.SendAsync("GET", path)).Status);
    }

    [Fact]
    public async Task Authorities_WhatIsNone_Is400AndSaysWhy()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Scale);
        using var root = TestAuthority.Create();
        using var below = root.Below("Charger CA");
        using var charger = root.IssueClient("CB-1");
        using var key = System.Security.Cryptography.ECDsa.Create();
        foreach (var (pem, words) in new[]
        {
            ("hello", "no certificate"), ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "cannot be read"),
            (charger.ExportCertificatePem(), "is no certificate authority"), (below.Pem, "root"), (root.Pem + "\n" + key.ExportPkcs8PrivateKeyPem(), "private key"),
        })
        {
            var reply = await tenant.Http.SendAsync("POST", Authorities, JsonSerializer.Serialize(new { pem }));
            Assert.Equal(400, reply.Status);
            Assert.Contains(words, reply.Json.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        Assert.Equal(0, (await tenant.Http.SendAsync("GET", Authorities)).Json.GetProperty("certificateAuthorities").GetArrayLength());
    }

    private async Task<string> AddAsync(int profile)
    {
        var id = ApiServer.NewChargeBoxId();
        var reply = await server.Http.SendAsync(
            "POST", "/api/v1/chargers", $$"""{"chargeBoxId":"{{id}}","password":"secret-enough-16","securityProfile":{{profile}}}""");
        Assert.Equal((201, profile), (reply.Status, reply.Json.GetProperty("securityProfile").GetInt32()));
        return id;
    }
}

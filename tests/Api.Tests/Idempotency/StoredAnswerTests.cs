using System.Security.Cryptography;
using System.Text;
using Capacitor.Tenants;
using Capacitor.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Capacitor.Api.Tests.Idempotency;

/// <summary>Answers over restarts, over a day, and as they lie on the disk.</summary>
public sealed class StoredAnswerTests
{
    private const string Path = "/api/v1/auth/api-keys";
    private const string Body = """{"name":"backend"}""";

    private readonly string _key = Guid.NewGuid().ToString();

    [Fact]
    public async Task Restart_AfterTheAnswer_GivesItAgainAndNoSecretLiesInTheStore()
    {
        await using var server = await CapacitorServer.StartAsync();
        var tenant = await server.AddTenantAsync(Tier.Starter);
        var first = await PostAsync(tenant.Http);

        await server.StopAsync();
        var secret = Encoding.UTF8.GetBytes(first.Json.GetProperty("key").GetString()!);
        var fingerprint = Encoding.UTF8.GetBytes(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"POST {Path}\n{Body}"))));
        foreach (var file in Directory.GetFiles(server.DataDirectory))
        {
            var stored = File.ReadAllBytes(file);
            Assert.Equal((-1, -1), (stored.AsSpan().IndexOf(secret), stored.AsSpan().IndexOf(fingerprint))); // by which a password in the body could be guessed
        }

        await server.StartAgainAsync();

        var again = await PostAsync(tenant.Http);
        Assert.Equal((first.Body, "true"), (again.Body, again.Header("Idempotency-Replayed")));
    }

    [Fact]
    public async Task Day_IsOver_TheSameKeyIsANewOneAndSoAreTheDaysCalls()
    {
        var time = new ShiftedTime();
        await using var server = await CapacitorServer.StartAsync(configure: builder => builder.Services.AddSingleton<TimeProvider>(time));
        var tenant = await server.AddTenantAsync(Tier.Starter);
        var first = await PostAsync(tenant.Http);
        time.Shift = TimeSpan.FromHours(23.9);
        Assert.Equal(first.Body, (await PostAsync(tenant.Http)).Body);

        time.Shift = TimeSpan.FromHours(24.1);
        var next = await PostAsync(tenant.Http);

        Assert.Equal((201, null), (next.Status, next.Header("Idempotency-Replayed")));
        Assert.NotEqual(first.Body, next.Body);
        time.Shift = TimeSpan.FromHours(48.1);
        Assert.Equal("999", (await PostAsync(tenant.Http)).Header("RateLimit-Remaining"));
    }

    [Fact]
    public async Task Command_WithTheLongestTimeout_IsUnderWayUntilItsEnd()
    {
        var time = new ShiftedTime();
        await using var server = await CapacitorServer.StartAsync(configure: builder => builder.Services.AddSingleton<TimeProvider>(time));
        Assert.Equal(201, (await server.Http.SendAsync("POST", "/api/v1/chargers", """{"chargeBoxId":"CB"}""")).Status);
        await using var charger = await FakeCharger.ConnectAsync($"{server.BaseAddress}ocpp", "CB");
        const string Reset = "/api/v1/chargers/CB/reset?timeout=120";
        var first = PostAsync(server.Http, Reset, """{"type":"Soft"}""");
        var call = await charger.NextCallAsync();

        time.Shift = TimeSpan.FromSeconds(130);
        (await PostAsync(server.Http, Reset, """{"type":"Soft"}""")).AssertError(409, "CONFLICT", "still under way");
        time.Shift = TimeSpan.FromMinutes(4);
        (await PostAsync(server.Http, Reset, """{"type":"Soft"}""")).AssertError(409, "CONFLICT", "how it ended is not known");

        await charger.AnswerAsync(call, """{"status":"Accepted"}""");
        Assert.Equal((await first).Body, (await PostAsync(server.Http, Reset, """{"type":"Soft"}""")).Body);
    }

    private Task<Reply> PostAsync(HttpClient http) => PostAsync(http, Path, Body);

    private async Task<Reply> PostAsync(HttpClient http, string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        return await http.SendAsync("POST", path, content, ("Idempotency-Key", _key));
    }

    private sealed class ShiftedTime : TimeProvider
    {
        public TimeSpan Shift { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
    }
}

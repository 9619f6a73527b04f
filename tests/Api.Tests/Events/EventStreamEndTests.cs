using Capacitor.Api.Events;
using Capacitor.Tenants;
using Capacitor.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Capacitor.Api.Tests.Events;

/// <summary>How streams end, and how many there may be: on a server whose streams look five times a second whether they still may.</summary>
public sealed class EventStreamEndTests : IAsyncLifetime
{
    private CapacitorServer _server = null!;

    public async Task InitializeAsync() => _server = await CapacitorServer.StartAsync(new Dictionary<string, string?>
    {
        ["Capacitor:Events:Heartbeat"] = "00:00:00.200",
        ["Capacitor:Events:MaxStreamsPerTenant"] = "2",
    });

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Stream_KeyIsRevoked_EndsAndSaysWhy()
    {
        var tenant = await _server.AddTenantAsync(Tier.Scale);
        using var stream = await StreamReading.BeginAsync(tenant.Http);
        Assert.True((await stream.NextAsync())!.IsHeartbeat);

        var keys = (await _server.Admin.SendAsync("GET", $"/api/v1/admin/tenants/{tenant.Id}/api-keys")).Json.GetProperty("apiKeys");
        var revoked = await _server.Admin.SendAsync("DELETE", $"/api/v1/admin/tenants/{tenant.Id}/api-keys/{keys[0].GetProperty("id").GetString()}");

        Assert.Equal(200, revoked.Status);
        Assert.Equal("the API key was revoked", (await stream.RestAsync())[^1].Field(""));
    }

    [Fact]
    public async Task Stream_TenantIsSuspended_EndsAndSaysWhy()
    {
        var tenant = await _server.AddTenantAsync(Tier.Scale);
        using var stream = await StreamReading.BeginAsync(tenant.Http);

        Assert.Equal(200, (await _server.Admin.SendAsync("PATCH", $"/api/v1/admin/tenants/{tenant.Id}", """{"suspended":true}""")).Status);

        Assert.Equal("the account is suspended", (await stream.RestAsync())[^1].Field(""));
    }

    [Fact]
    public async Task StreamsAndWaitingRequests_ServerStops_EndInOrder()
    {
        var tenant = await _server.AddTenantAsync(Tier.Scale);
        using var stream = await StreamReading.BeginAsync(tenant.Http);
        var waiting = tenant.Http.SendAsync("GET", "/api/v1/events?wait=20");
        var streams = _server.Services.GetRequiredService<OpenStreams>();
        Assert.True(SpinWait.SpinUntil(() => streams.CountOf(tenant.Id) == 2, TimeSpan.FromSeconds(30)));

        await _server.StopAsync().WaitAsync(TimeSpan.FromSeconds(15)); // nothing waits out its patience

        Assert.All(await stream.RestAsync(), frame => Assert.True(frame.IsHeartbeat)); // read to a proper end: a connection that is cut would throw
        Assert.Equal((200, 0), ((await waiting).Status, (await waiting).Json.GetProperty("events").GetArrayLength()));
    }

    [Fact]
    public async Task Streams_OfATenantThatHasItsMost_AreRefused_UntilOneEnds()
    {
        var (tenant, other) = (await _server.AddTenantAsync(Tier.Scale), await _server.AddTenantAsync(Tier.Scale));
        using var first = await StreamReading.BeginAsync(tenant.Http);
        var second = await StreamReading.BeginAsync(tenant.Http);

        (await tenant.Http.SendAsync("GET", "/api/v1/events/stream")).AssertError(429, "RATE_LIMIT_ERROR", "2 event streams of this account are open already");
        (await tenant.Http.SendAsync("GET", "/api/v1/events?wait=1")).AssertError(429, "RATE_LIMIT_ERROR");
        Assert.Equal(200, (await tenant.Http.SendAsync("GET", "/api/v1/events")).Status);
        using var unharmed = await StreamReading.BeginAsync(other.Http);

        second.Dispose();
        var streams = _server.Services.GetRequiredService<OpenStreams>();
        Assert.True(SpinWait.SpinUntil(() => streams.CountOf(tenant.Id) == 1, TimeSpan.FromSeconds(30)));
        using var third = await StreamReading.BeginAsync(tenant.Http);
    }

    [Fact]
    public async Task Stream_ThatSelectsNothing_MovesOnWithItsHeartbeats()
    {
        var tenant = await _server.AddTenantAsync(Tier.Scale);
        Assert.Equal(201, (await tenant.Http.SendAsync("POST", "/api/v1/chargers", """{"chargeBoxId":"MOVING"}""")).Status);
        using var stream = await StreamReading.BeginAsync(tenant.Http, "?type=transaction.updated&after=0");
        await using var charger = await FakeCharger.ConnectAsync($"{_server.BaseAddress}ocpp", "MOVING");
        await charger.CallAsync("BootNotification", """{"chargePointVendor":"V","chargePointModel":"M"}""");
        var head = (await tenant.Http.SendAsync("GET", "/api/v1/events")).Json.GetProperty("pagination").GetProperty("nextCursor").GetString();

        List<StreamFrame> frames = [];
        do
        {
            frames.Add((await stream.NextAsync())!);
        }
        while (frames[^1].Id != head);

        Assert.DoesNotContain(frames, frame => frame.IsEvent);
        Assert.Null((await stream.NextAsync())!.Id); // said once
    }
}

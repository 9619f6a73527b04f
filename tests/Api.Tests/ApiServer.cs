using System.Diagnostics;
using System.Text.Json;
using Capacitor.Testing;

namespace Capacitor.Api.Tests;

/// <summary>One server for all tests that can share one; each test makes the tenants and chargers it needs.</summary>
public sealed class ApiServer : IAsyncLifetime
{
    public const string Collection = "api";

    private static int _lastId;

    public CapacitorServer Capacitor { get; private set; } = null!;

    public HttpClient Http => Capacitor.Http;

    /// <summary>An id that no other test uses.</summary>
    public static string NewChargeBoxId() => $"CB-{Interlocked.Increment(ref _lastId)}";

    public async Task InitializeAsync() => Capacitor = await CapacitorServer.StartAsync();

    public async Task DisposeAsync() => await Capacitor.DisposeAsync();

    /// <summary>Registers a charger of the tenant <c>default</c>, or of another one, and returns its id.</summary>
    public async Task<string> AddChargerAsync(HttpClient? http = null)
    {
        var id = NewChargeBoxId();
        var reply = await (http ?? Http).SendAsync("POST", "/api/v1/chargers", $$"""{"chargeBoxId":"{{id}}"}""");
        Assert.Equal(201, reply.Status);
        return id;
    }

    /// <summary>Connects a registered charger.</summary>
    public Task<FakeCharger> ConnectAsync(string chargeBoxId) => FakeCharger.ConnectAsync($"{Capacitor.BaseAddress}ocpp", chargeBoxId);

    /// <summary>Connects a registered charger, and returns when commands reach it: a socket is open before the charger's grain knows of it.</summary>
    public async Task<FakeCharger> ConnectReadyAsync(string chargeBoxId)
    {
        var charger = await ConnectAsync(chargeBoxId);
        await charger.CallAsync("Heartbeat");
        return charger;
    }

    /// <summary>A charger's events so far.</summary>
    public async Task<IReadOnlyList<JsonElement>> ListEventsAsync(string chargeBoxId, HttpClient? http = null) =>
        [.. (await (http ?? Http).SendAsync("GET", $"/api/v1/events?chargeBoxId={Uri.EscapeDataString(chargeBoxId)}&limit=1000")).Json.GetProperty("events").EnumerateArray()];

    /// <summary>A charger's events, as soon as one of this name is among them.</summary>
    public async Task<IReadOnlyList<JsonElement>> WaitForEventsAsync(string chargeBoxId, string name, HttpClient? http = null)
    {
        var path = $"/api/v1/events?chargeBoxId={Uri.EscapeDataString(chargeBoxId)}&type={name}&wait=20";
        var since = Stopwatch.GetTimestamp();
        while ((await (http ?? Http).SendAsync("GET", path)).Json.GetProperty("events").GetArrayLength() == 0)
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(30), $"{chargeBoxId} has no {name}.");
        }

        return await ListEventsAsync(chargeBoxId, http);
    }

    /// <summary>Asks again and again until the charger's end of connection has been noted.</summary>
    public async Task WaitUntilOfflineAsync(string chargeBoxId, HttpClient? http = null)
    {
        var since = Stopwatch.GetTimestamp();
        while ((await (http ?? Http).SendAsync("GET", $"/api/v1/chargers/{chargeBoxId}")).Json.GetProperty("isOnline").GetBoolean())
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(30), $"{chargeBoxId} stays online.");
        }
    }
}

[CollectionDefinition(ApiServer.Collection)]
public sealed class ApiServerTests : ICollectionFixture<ApiServer>;

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Capacitor.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Xunit;

namespace Capacitor.Api.Tests.Ocpp;

/// <summary>A server whose charger grains can be watched.</summary>
public sealed class EdgeFixture : IAsyncLifetime
{
    private static int _lastId;

    internal GrainCalls Grains { get; } = new();

    public CapacitorServer Server { get; private set; } = null!;

    /// <summary>Where chargers connect; their id comes behind it.</summary>
    public string Url => new Uri(Server.BaseAddress, "/ocpp").ToString();

    public static async Task<EdgeFixture> StartAsync(params (string Key, string Value)[] settings)
    {
        var fixture = new EdgeFixture();
        await fixture.StartServerAsync(settings);
        return fixture;
    }

    public Task InitializeAsync() => StartServerAsync([]);

    public async Task DisposeAsync() => await Server.DisposeAsync();

    /// <summary>Registers a charger under an id that no test used before.</summary>
    public async Task<string> AddChargerAsync(string? chargeBoxId = null, string? password = null, string? assumeProtocol = null)
    {
        chargeBoxId ??= $"CP-{Interlocked.Increment(ref _lastId)}";
        using var answer = await Server.Http.PostAsJsonAsync("/api/v1/chargers", new { chargeBoxId, password, assumeProtocol });
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return chargeBoxId;
    }

    /// <summary>Registers a charger and connects it.</summary>
    public async Task<FakeCharger> ConnectAsync() => await ConnectAsync(await AddChargerAsync());

    public Task<FakeCharger> ConnectAsync(string chargeBoxId) => FakeCharger.ConnectAsync(Url, chargeBoxId);

    /// <summary>The charger's events so far, oldest first. What a charger was answered is among them: it was committed before.</summary>
    public async Task<JsonElement[]> EventsAsync(string chargeBoxId, string? type = null)
    {
        var query = $"/api/v1/events?limit=1000&chargeBoxId={Uri.EscapeDataString(chargeBoxId)}" + (type is null ? "" : $"&type={type}");
        var page = await Server.Http.GetFromJsonAsync<JsonElement>(query);
        return [.. page.GetProperty("events").EnumerateArray()];
    }

    /// <summary>The data of the charger's only event of this type.</summary>
    public async Task<JsonElement> OnlyEventAsync(string chargeBoxId, string type) =>
        Assert.Single(await EventsAsync(chargeBoxId, type)).GetProperty("data");

    private async Task StartServerAsync((string Key, string Value)[] settings) => Server = await CapacitorServer.StartAsync(
        settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value),
        builder => builder.Services.AddSingleton<IIncomingGrainCallFilter>(Grains));
}

/// <summary>Tests that share one server; each uses chargers of its own.</summary>
[CollectionDefinition(Name)]
public sealed class EdgeCollection : ICollectionFixture<EdgeFixture>
{
    public const string Name = "edge";
}

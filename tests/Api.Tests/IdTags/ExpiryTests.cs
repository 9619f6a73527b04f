using System.Globalization;
using Capacitor.IdTags;
using Capacitor.Tenants;
using Capacitor.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans;

namespace Capacitor.Api.Tests.IdTags;

/// <summary>Tags expire by the server's clock, which is moved here.</summary>
public sealed class ExpiryTests : IAsyncLifetime
{
    private readonly MovedTime _time = new();
    private CapacitorServer _server = null!;

    public async Task InitializeAsync() =>
        _server = await CapacitorServer.StartAsync(configure: builder => builder.Services
            .AddSingleton<TimeProvider>(_time).AddSingleton<IIncomingGrainCallFilter, FailingTag>());

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task ATag_WhoseTimeIsOver_IsExpiredAtOnceAndSaysSoOnce_UnlessItWasExtended()
    {
        var tenant = await _server.AddTenantAsync(Tier.Scale);
        Assert.Equal(201, (await tenant.Http.SendAsync("POST", "/api/v1/chargers", """{"chargeBoxId":"CB"}""")).Status);
        await using var charger = await FakeCharger.ConnectAsync($"{_server.BaseAddress}ocpp", "CB");
        var end = Text(_time.GetUtcNow().AddMinutes(10));
        await AddAsync(tenant, "EXTENDED", end);
        await AddAsync(tenant, "ENDS", end);
        await AddAsync(tenant, "ENDS-LATER", Text(_time.GetUtcNow().AddMinutes(30)));
        await tenant.Http.SendAsync("PATCH", "/api/v1/id-tags/EXTENDED", $$"""{"expiresAt":"{{Text(_time.GetUtcNow().AddMinutes(30))}}"}""");
        Assert.Equal("Accepted", await AuthorizeAsync(charger, "ENDS"));

        _time.Advance(TimeSpan.FromMinutes(20));

        Assert.Equal("Expired", await AuthorizeAsync(charger, "ENDS"));
        Assert.Equal("Accepted", await AuthorizeAsync(charger, "EXTENDED"));
        Assert.Equal($$"""{"idTag":"ENDS","status":"Expired","expiresAt":"{{end}}","userId":null}""", (await tenant.Http.AwaitAsync("id_tag.expired")).GetRawText());

        // The others come with a later look, so whatever would come twice has come by then.
        _time.Advance(TimeSpan.FromMinutes(20));
        List<string?> expired = [];
        for (var cursor = "0"; expired.Count < 3;)
        {
            var page = (await tenant.Http.SendAsync("GET", $"/api/v1/events?type=id_tag.expired&wait=20&after={cursor}")).Json;
            expired.AddRange(page.GetProperty("events").EnumerateArray().Select(item => item.GetProperty("data").GetProperty("idTag").GetString()));
            cursor = page.GetProperty("pagination").GetProperty("nextCursor").GetString()!;
        }

        Assert.Equal(["ENDS", "ENDS-LATER", "EXTENDED"], expired.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ATag_ThatExpiresWhileTheServerIsStopped_SaysSoAfterwards()
    {
        var tenant = await _server.AddTenantAsync(Tier.Scale);
        await AddAsync(tenant, "ENDS", Text(_time.GetUtcNow().AddMinutes(10)));
        await _server.StopAsync();
        _time.Advance(TimeSpan.FromMinutes(20));
        await _server.StartAgainAsync();

        Assert.Equal("ENDS", (await tenant.Http.AwaitAsync("id_tag.expired")).GetProperty("idTag").GetString());
    }

    [Fact]
    public async Task ATag_ThatCannotSaySo_KeepsNoOtherFromIt()
    {
        var tenant = await _server.AddTenantAsync(Tier.Scale);
        await AddAsync(tenant, "ENDS", Text(_time.GetUtcNow().AddMinutes(10)));
        await AddAsync(tenant, FailingTag.Name, Text(_time.GetUtcNow().AddMinutes(11))); // the newest are looked at first
        _time.Advance(TimeSpan.FromMinutes(20));

        Assert.Equal("ENDS", (await tenant.Http.AwaitAsync("id_tag.expired")).GetProperty("idTag").GetString());
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static async Task<string> AuthorizeAsync(FakeCharger charger, string tag) =>
        (await charger.CallAsync("Authorize", $$"""{"idTag":"{{tag}}"}""")).Payload.GetProperty("idTagInfo").GetProperty("status").GetString()!;

    private static async Task AddAsync(TestTenant tenant, string tag, string end) =>
        Assert.Equal(201, (await tenant.Http.SendAsync("POST", "/api/v1/id-tags", $$"""{"idTag":"{{tag}}","expiresAt":"{{end}}"}""")).Status);

    /// <summary>A tag of this name never says that it has expired.</summary>
    private sealed class FailingTag : IIncomingGrainCallFilter
    {
        public const string Name = "FAILS";

        public Task Invoke(IIncomingGrainCallContext context) =>
            context.MethodName == nameof(IIdTagGrain.ExpireAsync) && context.TargetId.Key.ToString()!.EndsWith(Name, StringComparison.Ordinal)
                ? throw new InvalidOperationException("This tag cannot say so.")
                : context.Invoke();
    }

    /// <summary>The real time, moved; timers run as ever. By less than an hour in all: Orleans takes a silo that began longer ago for one of before.</summary>
    private sealed class MovedTime : TimeProvider
    {
        private long _moved;

        public void Advance(TimeSpan by) => Interlocked.Add(ref _moved, by.Ticks);

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _moved));
    }
}

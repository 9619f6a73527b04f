using System.Text.Json;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Silo;
using Capacitor.Tenants;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;

namespace Capacitor.Grains.Tests.Silo;

/// <summary>The whole silo as it runs, on a folder of its own and a free port.</summary>
public sealed class SiloHostTests : IAsyncLifetime
{
    private const string ConfiguredKey = "cap_live_configured_0123456789";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("capacitor-silo-");
    private WebApplication? _app;

    private IGrainFactory Grains => _app!.Services.GetRequiredService<IGrainFactory>();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await StopAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Start_TheFirstTime_MakesATenantWithAKeyThatOnlyItsOwnerCanRead()
    {
        await StartAsync();
        var tenant = await Grains.GetGrain<ITenantGrain>(TenantId.Default.GrainKey).FindAsync();
        Assert.Equal(("default", Tier.Scale), (tenant!.Name, tenant.Tier));

        var file = Path.Combine(_folder.FullName, "bootstrap-api-key");
        Assert.Equal(TenantId.Default, await OwnerOfAsync((await File.ReadAllTextAsync(file)).Trim()));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task Start_AgainOnTheSameData_MakesNothingNewAndAddsAConfiguredKeyOnce()
    {
        await StartAsync();
        await RestartAsync();
        Assert.Single(await KeysAsync());
        await RestartAsync(("Capacitor:BootstrapApiKey", ConfiguredKey));
        await RestartAsync(("Capacitor:BootstrapApiKey", ConfiguredKey));
        Assert.Equal(2, (await KeysAsync()).Count);
        Assert.Equal(TenantId.Default, await OwnerOfAsync(ConfiguredKey));
    }

    [Fact]
    public async Task Health_WhileItRuns_IsLiveReadyAndMeasured()
    {
        await StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(_app!.Urls.First()) };
        Assert.Equal("""{"status":"alive"}""", await http.GetStringAsync("/health/live"));
        Assert.Equal("""{"status":"ready"}""", await http.GetStringAsync("/health/ready"));
        Assert.Contains("capacitor_journal_commits", await http.GetStringAsync("/metrics"));
    }

    [Fact]
    public async Task Health_OnceAStopIsAskedFor_IsNoLongerReady()
    {
        await StartAsync();
        var readiness = _app!.Services.GetRequiredService<Readiness>();
        Assert.True(readiness.IsReady);
        _app.Lifetime.StopApplication();
        Assert.False(readiness.IsReady);
        Assert.Equal("stopping", readiness.Status);
    }

    [Fact]
    public async Task Find_DataDirectoryOfARunningProcess_RefusesInOneSentence()
    {
        await StartAsync();
        await using var second = Build();
        var problem = Assert.Single(StartProblems.Find(second.Services));
        Assert.Contains(_folder.FullName, problem);
        Assert.Contains("in use", problem);
    }

    [Fact]
    public async Task Find_ADataDirectoryThatIsAFile_SaysSo()
    {
        var file = Path.Combine(_folder.FullName, "file");
        await File.WriteAllTextAsync(file, "");
        await using var app = Build(("Capacitor:DataDirectory", file));
        Assert.Contains("Capacitor:DataDirectory", Assert.Single(StartProblems.Find(app.Services)));
    }

    [Fact]
    public async Task Start_OnAPortInUse_IsExplained()
    {
        await StartAsync();
        await using var second = Build(("Capacitor:DataDirectory", Path.Combine(_folder.FullName, "second")), ("urls", _app!.Urls.First()));
        var failure = await Assert.ThrowsAnyAsync<IOException>(() => second.StartAsync());
        Assert.Contains("--urls", Assert.Single(StartProblems.Explain(failure)));
        await second.StopAsync();
    }

    [Fact]
    public async Task Start_AfterAProcessWithSocketsDied_ReportsThoseThatDoNotComeBack()
    {
        await StartAsync();
        var charger = new ChargeBoxId("CP-LOST");
        await Grains.GetGrain<ITenantGrain>(TenantId.Default.GrainKey).RegisterChargerAsync(new NewCharger { ChargeBoxId = charger });
        var gateway = new DeadGateway();
        await Grains.GetGrain<IChargerGrain>(charger.GrainKey).AttachAsync(new Attachment
        {
            GatewayId = "a process that died",
            Gateway = Grains.CreateObjectReference<IGateway>(gateway),
            ConnectionId = 1,
            Protocol = "ocpp1.6",
        });
        GC.KeepAlive(gateway);

        await RestartAsync(("Capacitor:Chargers:LostConnectionGrace", "00:00:00"));
        await _app!.Services.GetServices<IHostedService>().OfType<LostConnections>().Single().ExecuteTask!;

        Assert.False((await Grains.GetGrain<IChargerGrain>(charger.GrainKey).FindAsync(TenantId.Default))!.Charger.IsOnline);
        var events = await _app.Services.GetRequiredService<IJournalReader>().ReadEventsAsync(TenantId.Default, 0, 100, EventTypes.ChargerDisconnected);
        using var body = JsonDocument.Parse(Assert.Single(events.Events).Body);
        Assert.Equal("server_shutdown", body.RootElement.GetProperty("data").GetProperty("reason").GetString());
    }

    private async Task StartAsync(params (string Key, string Value)[] settings)
    {
        _app = Build(settings);
        await _app.StartAsync();
    }

    private async Task RestartAsync(params (string Key, string Value)[] settings)
    {
        await StopAsync();
        await StartAsync(settings);
    }

    private async Task StopAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }
    }

    private WebApplication Build(params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["urls"] = "http://127.0.0.1:0",
            ["Capacitor:DataDirectory"] = _folder.FullName,
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value)));
        builder.AddCapacitorSilo();
        var app = builder.Build();
        app.MapCapacitorHealth();
        return app;
    }

    private async Task<TenantId?> OwnerOfAsync(string secret) =>
        (await Grains.GetGrain<IApiKeyGrain>(ApiKeyHash.Of(secret).GrainKey).FindAsync())?.Tenant;

    private Task<IReadOnlyList<ApiKey>> KeysAsync() => Grains.GetGrain<ITenantGrain>(TenantId.Default.GrainKey).ListKeysAsync();

    private sealed class DeadGateway : IGateway
    {
        public Task<CommandOutcome> CallAsync(long connectionId, Command command) => Task.FromResult<CommandOutcome>(new CommandOutcome.NotConnected());

        public Task CloseAsync(long connectionId, SocketEnd cause) => Task.CompletedTask;
    }
}

using System.Text.Json;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Grains.Secrets;
using Capacitor.Silo;
using Capacitor.Tenants;
using Capacitor.Testing;
using Capacitor.Webhooks;
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
    public async Task Start_TheFirstTime_MakesAKeyThatSealsSecretsAndKeepsIt()
    {
        await StartAsync();
        var file = Path.Combine(_folder.FullName, "secret-key");
        var key = await File.ReadAllTextAsync(file);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        await RestartAsync();
        Assert.Equal(key, await File.ReadAllTextAsync(file));
        Assert.True(SecretKey.TryParse(key, out _));
    }

    [Fact]
    public async Task Start_TheKeyIsGoneThatSecretsWereSealedWith_IsRefusedInOneSentence()
    {
        await StartAsync();
        await StopAsync();
        var file = Path.Combine(_folder.FullName, "secret-key");
        Assert.True(SecretKey.TryParse(await File.ReadAllTextAsync(file), out var key));
        File.Move(file, file + ".away");

        await using (var app = Build())
        {
            var problem = Assert.Single(StartProblems.Explain(await Assert.ThrowsAsync<SecretKeysException>(() => app.StartAsync())));
            Assert.Contains(key.Id, problem);
            Assert.Contains("Capacitor:SecretKeys", problem);
            await app.StopAsync();
        }

        // What that start brought with it is no obstacle when the key is back.
        File.Move(file + ".away", file, overwrite: true);
        await StartAsync();
    }

    [Fact]
    public async Task Start_WithANewFirstKey_SealsEverythingAnewAndThenDoesWithoutTheOld()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var (old, next) = (SecretKey.Make().Export(), SecretKey.Make().Export());
        await StartWithKeysAsync(old);
        var webhook = await Webhooks.CreateAsync(new() { Url = receiver.Url.ToString(), Events = ["*"], Secret = "s3cret" });
        await StopAsync();
        await using (var app = Build(("Capacitor:SecretKeys:0", next)))
        {
            await Assert.ThrowsAsync<SecretKeysException>(() => app.StartAsync());
            await app.StopAsync();
        }

        await StartWithKeysAsync(next, old);
        await StopAsync();
        await StartWithKeysAsync(next);
        Assert.NotNull(await Webhooks.RotateSecretAsync(webhook.Id, null, TimeSpan.FromHours(1))); // opens what is sealed
    }

    [Fact]
    public async Task Find_AClusterWithoutAKey_IsRefusedAndSaysHowToMakeOne()
    {
        await using var app = Build(("ConnectionStrings:Capacitor", "Host=127.0.0.1;Port=1;Username=u;Database=d"));
        var problem = Assert.Single(StartProblems.Find(app.Services));
        Assert.Contains("Capacitor:SecretKeys is missing", problem);
        Assert.Contains("openssl rand -base64 32", problem);
    }

    [Theory]
    [InlineData("no key")]
    [InlineData("")]
    public async Task Find_TheKeyFileIsSpoilt_SaysWhichAndNotWhatIsInIt(string content)
    {
        var file = Path.Combine(_folder.FullName, "secret-key");
        await File.WriteAllTextAsync(file, content);
        await using var app = Build();
        Assert.Contains(file, Assert.Single(StartProblems.Find(app.Services)));
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
    public async Task Start_AfterOneThatDiedBeforeItsKeyWorked_MakesTheKeyWork()
    {
        await StartAsync();
        var key = ApiKeyHash.Of((await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "bootstrap-api-key"))).Trim());
        await Grains.GetGrain<IApiKeyGrain>(key.GrainKey).RevokeAsync(); // listed, in the file, and not bound: as such a start leaves it

        await RestartAsync();

        Assert.Equal(
            new ApiKeyOwner(TenantId.Default, Assert.Single(await KeysAsync()).Id),
            await Grains.GetGrain<IApiKeyGrain>(key.GrainKey).FindAsync());
    }

    [Fact]
    public async Task Start_TheFirstKeyWasRevoked_LeavesItRevoked()
    {
        await StartAsync();
        var tenant = Grains.GetGrain<ITenantGrain>(TenantId.Default.GrainKey);
        var other = await tenant.CreateKeyAsync("mine");
        Assert.True(await tenant.RevokeKeyAsync((await KeysAsync())[0].Id));

        await RestartAsync();

        Assert.Equal(other.Info.Id, Assert.Single(await KeysAsync()).Id);
        Assert.Null(await OwnerOfAsync((await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "bootstrap-api-key"))).Trim()));
    }

    [Fact]
    public async Task Start_TierConfiguredAnew_DecidesWhetherWebhooksDeliver()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await StartWithWebhooksAsync(false);
        var webhooks = Grains.GetGrain<ITenantWebhooksGrain>(TenantId.Default.GrainKey);
        await webhooks.CreateAsync(new NewWebhook { Url = receiver.Url.ToString(), Events = [EventTypes.ChargerConnected] });
        await ConnectAsync("CP-1");

        await StopAsync();
        await StartWithWebhooksAsync(true);
        await ConnectAsync("CP-2");
        Assert.Contains("CP-2", Assert.Single(await receiver.WaitForAsync(1)).Text, StringComparison.Ordinal);

        await StopAsync();
        await StartWithWebhooksAsync(false);
        await ConnectAsync("CP-3");

        await StopAsync();
        await StartWithWebhooksAsync(true);
        await ConnectAsync("CP-4");
        Assert.Contains("CP-4", (await receiver.WaitForAsync(2))[1].Text, StringComparison.Ordinal);
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
    public async Task Find_ADataDirectoryOfANewerVersion_RefusesInOneSentence()
    {
        await StartAsync();
        await StopAsync();
        await using (var file = new FileStream(Path.Combine(_folder.FullName, "capacitor.db"), FileMode.Open))
        {
            file.Position = 60; // the header's user version
            file.Write([0, 0, 3, 231]);
        }

        await using var app = Build();
        Assert.Contains("newer version", Assert.Single(StartProblems.Find(app.Services)));
    }

    [Fact]
    public async Task Find_ADatabaseThatIsNone_SaysSo()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "capacitor.db"), string.Concat(Enumerable.Repeat("This is no database. ", 100)));
        await using var app = Build();
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
        var charger = await ConnectAsync("CP-LOST");

        await RestartAsync(("Capacitor:Chargers:LostConnectionGrace", "00:00:00"));
        var journal = _app!.Services.GetRequiredService<IJournalReader>();
        EventPage events;
        do
        {
            events = await journal.ReadEventsAsync(TenantId.Default, 0, 100, EventTypes.ChargerDisconnected);
        }
        while (events.Events.Count == 0);

        Assert.False((await Grains.GetGrain<IChargerGrain>(charger.GrainKey).FindAsync(TenantId.Default))!.Charger.IsOnline);
        using var body = JsonDocument.Parse(Assert.Single(events.Events).Body);
        Assert.Equal("server_shutdown", body.RootElement.GetProperty("data").GetProperty("reason").GetString());
    }

    // A charger whose socket is nowhere.
    private async Task<ChargeBoxId> ConnectAsync(string id)
    {
        var charger = new ChargeBoxId(id);
        await Grains.GetGrain<ITenantGrain>(TenantId.Default.GrainKey).RegisterChargerAsync(new NewCharger { ChargeBoxId = charger });
        var gateway = new DeadGateway();
        await Grains.GetGrain<IChargerGrain>(charger.GrainKey).AttachAsync(new Attachment
        {
            GatewayId = Grains.CreateObjectReference<IGateway>(gateway).GetGrainId().ToString(),
            ConnectionId = 1,
            Protocol = "ocpp1.6",
        });
        GC.KeepAlive(gateway);
        return charger;
    }

    private ITenantWebhooksGrain Webhooks => Grains.GetGrain<ITenantWebhooksGrain>(TenantId.Default.GrainKey);

    private async Task StartWithKeysAsync(params string[] keys)
    {
        await StartAsync([("Capacitor:Webhooks:AllowPrivateNetworks", "true"), .. keys.Select((key, i) => ($"Capacitor:SecretKeys:{i}", key))]);
        await _app!.Services.GetServices<IHostedService>().OfType<WebhookAlarm>().Single().FirstRound;
    }

    private async Task StartWithWebhooksAsync(bool included)
    {
        await StartAsync(("Capacitor:Tiers:Scale:Webhooks", included ? "true" : "false"), ("Capacitor:Webhooks:AllowPrivateNetworks", "true"));
        await _app!.Services.GetServices<IHostedService>().OfType<WebhookAlarm>().Single().FirstRound;
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
            _app = null;
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

        public Task<CommandOutcome?> AskAsync(long connectionId, Command command) => Task.FromResult<CommandOutcome?>(new CommandOutcome.NotConnected());

        public Task TellAsync(string gatewayId, long connectionId, Guid command, CommandOutcome outcome) => Task.CompletedTask;
    }
}

using Capacitor.Events;
using Capacitor.Grains.Webhooks;
using Capacitor.Tenants;
using Capacitor.Webhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Capacitor.Grains.Tests.Webhooks;

/// <summary>The webhook services as the silo composes them, on a journal of the test's own.</summary>
internal sealed class PumpParts : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly List<DeliveryPump> _pumps = [];

    public PumpParts(
        Action<WebhookOptions>? change = null, TimeProvider? time = null, ILoggerProvider? logs = null, ListJournal? journal = null, IDeliveryStore? deliveries = null)
    {
        Journal = journal ?? new ListJournal(time ?? TimeProvider.System);
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddLogging(logging =>
        {
            if (logs is not null)
            {
                logging.SetMinimumLevel(LogLevel.Debug).AddProvider(logs);
            }
        });
        services.AddSingleton(time ?? TimeProvider.System);
        services.AddSingleton<IJournalReader>(Journal);
        services.AddSingleton(deliveries ?? Deliveries);
        services.AddWebhooks();
        services.Configure<WebhookOptions>(options =>
        {
            options.AllowPrivateNetworks = true;
            options.LogDelay = TimeSpan.Zero;
            change?.Invoke(options);
        });
        _services = services.BuildServiceProvider();
    }

    public ListJournal Journal { get; }

    public MemoryDeliveries Deliveries { get; } = new();

    public DeliveryLog Log => _services.GetRequiredService<DeliveryLog>();

    public SendSlots Slots => _services.GetRequiredService<SendSlots>();

    public WebhookSender Sender => _services.GetRequiredService<WebhookSender>();

    public DeliveryPump Pump(Uri url, long position = 0, string id = "wh_1", string? secret = null, params string[] events) =>
        Pump(Settings(url, id, secret, events), position);

    public DeliveryPump Pump(WebhookSettings settings, long position = 0)
    {
        var pump = new DeliveryPump(new WebhookTarget(settings), new EventFilter(settings.Events, settings.ChargeBoxIds), position, _services.GetRequiredService<DeliveryPumps>());
        _pumps.Add(pump);
        return pump;
    }

    public ReplayCount Count(Uri url, long upTo, ReplayRequest request)
    {
        var replay = new Replay { Id = "rpl_1", Request = request, Status = ReplayStatus.Running, After = 0, UpTo = upTo, Position = 0, CreatedAt = TimeProvider.System.GetUtcNow() };
        var parts = _services.GetRequiredService<DeliveryPumps>();
        return new ReplayCount(new ReplayRun(replay, parts.Options, parts.Time), new WebhookTarget(Settings(url)), new EventFilter([EventTypes.Any]), parts);
    }

    public static WebhookSettings Settings(Uri url, string id = "wh_1", string? secret = null, params string[] events) => new()
    {
        Tenant = TenantId.Default,
        WebhookId = id,
        Url = url.ToString(),
        Events = events.Length == 0 ? [EventTypes.Any] : events,
        Secret = secret,
        Delivering = true,
    };

    public async ValueTask DisposeAsync()
    {
        foreach (var pump in _pumps)
        {
            await pump.StopAsync(TimeSpan.Zero);
        }

        await _services.DisposeAsync();
    }
}

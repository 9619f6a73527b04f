using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using Capacitor.Api.Messages;
using Capacitor.Messages;
using Capacitor.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Capacitor.Api.Tests.Messages;

public sealed class MessageLogTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 2, 6, 12, 0, 0, TimeSpan.Zero));
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<MessageLogMetrics>().BuildServiceProvider();

    [Fact]
    public void Add_LongText_IsCut()
    {
        var log = Make(new() { MaxTextBytes = 256 });
        log.Add(Entry(log), null, new byte[1000]);

        var block = Assert.Single(log.Take()).ToBlock();
        Assert.True(block.Entries.Span[0].IsCut);
        Assert.Equal((256, 1000), (block.Entries.Span[0].Length, block.Entries.Span[0].Size));
    }

    [Fact]
    public void Add_Full_DropsAndCountsWhatComes()
    {
        var dropped = 0L;
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, it) =>
        {
            if (instrument.Name == "capacitor.messages.dropped" && instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>())
            {
                it.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => dropped += count);
        listener.Start();
        var log = Make(new() { MaxBufferBytes = 2 * MessageBuffer.Size });
        var text = new byte[1000];
        for (var n = 0; n < 1000; n++)
        {
            log.Add(Entry(log), null, text);
        }

        var taken = log.Take();
        Assert.Equal(2 * (MessageBuffer.TextSize / 1000), taken.Sum(buffer => buffer.Count));
        Assert.Equal(1000, dropped + taken.Sum(buffer => buffer.Count));

        // It stays full until somebody has written what was taken.
        log.Add(Entry(log), null, text);
        Assert.Empty(log.Take());
        log.Release(taken, isReusable: true);
        log.Add(Entry(log), null, text);
        Assert.Equal(1, Assert.Single(log.Take()).Count);
    }

    [Fact]
    public void NextPosition_ClockStandsOrGoesBack_Rises()
    {
        var log = Make(new());
        var first = log.NextPosition();
        var second = log.NextPosition();
        _time.AdjustTime(_time.GetUtcNow().AddHours(-1));
        var third = log.NextPosition();

        Assert.True(first < second && second < third);
        Assert.Equal(new DateTimeOffset(2026, 2, 6, 12, 0, 0, TimeSpan.Zero), MessagePosition.At(third));
    }

    [Fact]
    public async Task Wait_Much_EndsAtOnce()
    {
        var log = Make(new() { MaxBufferBytes = 2 * MessageBuffer.Size });
        var waiting = log.WaitAsync(TimeSpan.FromMinutes(1), CancellationToken.None);
        log.Add(Entry(log), null, new byte[10]);
        Assert.False(waiting.IsCompleted);

        for (var n = 0; n < 30; n++)
        {
            log.Add(Entry(log), null, new byte[16_000]);
        }

        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Log_StoreThatHangs_ChargersAreAnsweredAndTheLogGoesOnAfterwards()
    {
        HangingStore store = new();
        await using var server = await CapacitorServer.StartAsync(
            new Dictionary<string, string?> { ["Capacitor:MessageLog:MaxBufferBytes"] = $"{2 * MessageBuffer.Size}", ["Capacitor:MessageLog:Delay"] = "00:00:00.050" },
            builder => builder.Services.AddSingleton<IMessageStore>(store));
        Assert.Equal(201, (await server.Http.SendAsync("POST", "/api/v1/chargers", """{"chargeBoxId":"A"}""")).Status);
        await using var charger = await FakeCharger.ConnectAsync($"{server.BaseAddress}ocpp", "A");
        await charger.CallAsync("Heartbeat");
        await store.Asked.Task.WaitAsync(TimeSpan.FromSeconds(30));

        // Room for less than 2,048 frames.
        for (var n = 0; n < 1100; n++)
        {
            Assert.False((await charger.CallAsync("Heartbeat")).IsError);
        }

        Assert.Contains("capacitor_messages_dropped_total{", await server.Http.GetStringAsync("/metrics"), StringComparison.Ordinal);
        store.Let.SetResult();
        var since = Stopwatch.GetTimestamp();
        while (!store.Written.Contains("later"))
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(60), "Nothing is written any more.");
            await charger.CallAsync("Heartbeat", messageId: "later"); // dropped, too, until there is room again
            await Task.Delay(20);
        }
    }

    [Fact]
    public async Task Log_SwitchedOff_HoldsNothing()
    {
        HangingStore store = new();
        await using var server = await CapacitorServer.StartAsync(
            new Dictionary<string, string?> { ["Capacitor:MessageLog:Enabled"] = "false" }, builder => builder.Services.AddSingleton<IMessageStore>(store));
        Assert.Equal(201, (await server.Http.SendAsync("POST", "/api/v1/chargers", """{"chargeBoxId":"A"}""")).Status);
        await using var charger = await FakeCharger.ConnectAsync($"{server.BaseAddress}ocpp", "A");
        await charger.CallAsync("Heartbeat");

        Assert.Empty(server.Services.GetRequiredService<MessageLog>().Take());
    }

    public void Dispose() => _services.Dispose();

    private MessageLog Make(MessageLogOptions options) => new(Options.Create(options), _services.GetRequiredService<MessageLogMetrics>(), _time);

    private static MessageEntry Entry(MessageLog log) => new()
    {
        Position = log.NextPosition(),
        Charger = "chg_1",
        Tenant = "tenant",
        Direction = MessageDirection.In,
        Kind = MessageKind.Call,
        Latency = -1,
        IdLength = 0,
        Start = 0,
        Length = 0,
        Size = 1000,
    };

    private sealed class HangingStore : IMessageStore
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Let { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public System.Collections.Concurrent.ConcurrentBag<string> Written { get; } = [];

        public async Task WriteAsync(IReadOnlyList<MessageBlock> blocks, IReadOnlyDictionary<string, int> keptDays)
        {
            Asked.TrySetResult();
            await Let.Task;
            foreach (var (block, entry) in blocks.SelectMany(block => block.Entries.ToArray(), (block, entry) => (block, entry)))
            {
                Written.Add(Encoding.UTF8.GetString(block.Texts.Span.Slice(entry.Start - Math.Max(entry.IdLength, 0), Math.Max(entry.IdLength, 0))));
            }
        }

        public Task<MessagePage> ListAsync(string charger, MessageFilter filter, long before, int limit, CancellationToken cancellation = default) =>
            Task.FromResult(new MessagePage([], null));
    }
}

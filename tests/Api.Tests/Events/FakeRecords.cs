using System.Reflection;
using System.Text;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Tenants;
using Orleans.Runtime;

namespace Capacitor.Api.Tests.Events;

/// <summary>A tenant's events in a list; calls can be made to fail, and are counted.</summary>
public sealed class FakeRecords
{
    public static readonly TenantId Tenant = new("ten_fake");

    private readonly Lock _gate = new();
    private readonly List<JournalEvent> _events = [];
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _failures;
    private int _asked;

    /// <summary>How often events were asked for.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>Answers of the next calls are lost with their silo.</summary>
    public int Failures
    {
        set => Volatile.Write(ref _failures, value);
    }

    /// <summary>Adds an event; positions leave room for those of other tenants.</summary>
    public JournalEvent Add(string body, string type = EventTypes.ChargerBoot, long sequence = 0, long chargerSequence = 0, string charger = "CP1")
    {
        lock (_gate)
        {
            var position = (3 * _events.Count) + 3;
            var item = new JournalEvent
            {
                Id = $"evt_{position}",
                Type = type,
                Tenant = Tenant,
                ChargeBoxId = new(charger),
                At = DateTimeOffset.UnixEpoch,
                Body = Encoding.UTF8.GetBytes(body),
                Position = position,
                Sequence = sequence,
                ChargerSequence = chargerSequence,
            };
            _events.Add(item);
            _news.SetResult();
            _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return item;
        }
    }

    /// <summary>The grains of a server that has these events.</summary>
    internal IGrainFactory Grains()
    {
        var records = Stub<ITenantRecordsGrain>((method, arguments) => method.Name switch
        {
            nameof(ITenantRecordsGrain.ReadHeadAsync) => Task.FromResult(Head),
            nameof(ITenantRecordsGrain.ReadEventsAsync) => ReadAsync((long)arguments[0]!, (int)arguments[1]!, (string?)arguments[2], (ChargeBoxId?)arguments[3]),
            nameof(ITenantRecordsGrain.AwaitEventsAsync) => AwaitAsync((long)arguments[0]!, (int)arguments[1]!),
            _ => throw new NotSupportedException(method.Name),
        });
        var key = Stub<IApiKeyGrain>((_, _) => Task.FromResult<ApiKeyOwner?>(new(Tenant, "key_1")));
        var tenant = Stub<ITenantGrain>((_, _) => Task.FromResult<Tenant?>(TheTenant));
        return Stub<IGrainFactory>((method, _) => method.GetGenericArguments()[0] switch
        {
            { } type when type == typeof(ITenantRecordsGrain) => records,
            { } type when type == typeof(IApiKeyGrain) => key,
            _ => tenant,
        });
    }

    internal static Tenant TheTenant { get; } = new() { Id = Tenant, Name = "fake", Tier = Tier.Scale, Suspended = false, CreatedAt = DateTimeOffset.UnixEpoch };

    private long Head
    {
        get
        {
            lock (_gate)
            {
                return (3 * _events.Count) + 2;
            }
        }
    }

    private Task<EventPage> ReadAsync(long after, int limit, string? type = null, ChargeBoxId? charger = null)
    {
        Interlocked.Increment(ref _asked);
        if (Interlocked.Decrement(ref _failures) >= 0)
        {
            return Task.FromException<EventPage>(new SiloUnavailableException("The silo is gone."));
        }

        lock (_gate)
        {
            var found = _events.Where(item => item.Position > after && (type is null || item.Type == type) && (charger is null || item.ChargeBoxId == charger)).Take(limit).ToList();
            return Task.FromResult(new EventPage(found, found.Count == limit ? found[^1].Position : Math.Max(after, Head)));
        }
    }

    private async Task<EventPage> AwaitAsync(long after, int limit)
    {
        Task news;
        lock (_gate)
        {
            news = Head > after ? Task.CompletedTask : _news.Task;
        }

        await news;
        return await ReadAsync(after, limit);
    }

    private static T Stub<T>(Func<MethodInfo, object?[], object?> answer)
        where T : class
    {
        var proxy = DispatchProxy.Create<T, Answering>();
        ((Answering)(object)proxy).Answer = answer;
        return proxy;
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1852", Justification = "A proxy is made of a type that derives from it.")]
    internal class Answering : DispatchProxy
    {
        public Func<MethodInfo, object?[], object?> Answer { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Answer(targetMethod!, args ?? []);
    }
}

using Capacitor.Chargers;
using Capacitor.Grains.Webhooks;
using Capacitor.Tenants;
using Capacitor.Testing;
using Capacitor.Webhooks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Capacitor.Grains.Tests.Webhooks;

/// <summary>How lines come into the delivery log, whatever the store does.</summary>
public sealed class DeliveryLogTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly MemoryDeliveries _store = new();
    private readonly DeliveryLog _log;
    private readonly List<string> _settled = [];

    public DeliveryLogTests() =>
        _log = new DeliveryLog(_store, Options.Create(new WebhookOptions { LogDelay = TimeSpan.Zero }), _time, NullLogger<DeliveryLog>.Instance);

    [Fact]
    public async Task Flush_AfterLines_CompletesWhenTheyAreDurable()
    {
        _store.FailingWrites = 2;
        Add("dlv_1");
        Add("dlv_2");
        var flushed = _log.FlushAsync();
        await _store.UntilAsync(() => _store.FailingWrites <= 1);
        Assert.False(flushed.IsCompleted);
        await AdvanceUntilAsync(() => flushed.IsCompleted);

        Assert.Equal(["dlv_1", "dlv_2"], _store.All.Select(row => row.Id).Order());
        Assert.Equal(["dlv_1", "dlv_2"], _settled);
        await _log.FlushAsync();
    }

    [Fact]
    public async Task StoreIsAway_NothingIsGivenUp()
    {
        _store.FailingWrites = 40;
        foreach (var n in Enumerable.Range(1, 9))
        {
            Add($"dlv_{n}");
        }

        await AdvanceUntilAsync(() => _store.All.Count == 9 && _settled.Count == 9);
    }

    [Fact]
    public async Task OneLineIsRefusedForGood_TheOthersAreKept()
    {
        _store.Refuses = row => row.Id == "dlv_3";
        foreach (var n in Enumerable.Range(1, 5))
        {
            Add($"dlv_{n}");
        }

        await AdvanceUntilAsync(() => _settled.Count == 5);
        Add("dlv_6");
        await AdvanceUntilAsync(() => _settled.Count == 6);
        Assert.Contains("not dlv_3", _settled);
        Assert.Equal(["dlv_1", "dlv_2", "dlv_4", "dlv_5", "dlv_6"], _store.All.Select(row => row.Id).Order());
    }

    [Fact]
    public async Task ALineRefusedAlone_IsTriedUntilAnotherShowsThatItIsToBlame()
    {
        _store.Refuses = row => row.Id == "dlv_1";
        Add("dlv_1");
        await AdvanceUntilAsync(() => _store.Refused > 5);
        Assert.Empty(_settled);
        Add("dlv_2");

        await AdvanceUntilAsync(() => _settled.Count == 2);
        Assert.Equal(["dlv_2", "not dlv_1"], _settled);
        await _log.FlushAsync();
    }

    [Fact]
    public async Task ManyAtTheHeadAreRefused_ThoseBehindThemAreKept()
    {
        _store.Refuses = row => row.Id is "dlv_1" or "dlv_2" or "dlv_3" or "dlv_4";
        foreach (var n in Enumerable.Range(1, 6))
        {
            Add($"dlv_{n}");
        }

        await AdvanceUntilAsync(() => _settled.Count == 6);
        Assert.Equal(["dlv_5", "dlv_6"], _store.All.Select(row => row.Id).Order());
    }

    [Fact]
    public async Task Settling_Throws_TheOthersAreSettled()
    {
        _log.Add(Row("dlv_1"), static (_, _) => throw new InvalidOperationException("A fault."), this);
        Add("dlv_2");
        await AdvanceUntilAsync(() => _settled.Count == 1);
        Assert.Equal(["dlv_2"], _settled);
    }

    private static DeliveryRecord Row(string id) => new()
    {
        Id = id, WebhookId = "wh_1", Tenant = TenantId.Default, Position = 1, EventId = "evt_1", EventType = "charger.boot", ChargeBoxId = new ChargeBoxId("A"),
        EventAt = default, Status = DeliveryStatus.Delivered, CreatedAt = default, UpdatedAt = default, AttemptCount = 1, Budget = 1, ExpiresAt = default,
    };

    private void Add(string id) => _log.Add(Row(id), (settled, isKept) =>
    {
        lock (_settled)
        {
            _settled.Add(isKept ? (string)settled : $"not {settled}");
        }
    }, id);

    private Task AdvanceUntilAsync(Func<bool> isSo) => _store.UntilAsync(() =>
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        return isSo();
    });
}

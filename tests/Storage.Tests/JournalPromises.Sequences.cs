using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Tenants;

namespace Capacitor.Storage.Tests;

/// <summary>How a tenant's events are counted.</summary>
public abstract partial class JournalPromises
{
    [Fact]
    public async Task Sequence_ManyWritersAndConflicts_IsDensePerTenantInTheOrderOfPositions()
    {
        TenantId[] tenants = [.. Enumerable.Range(0, 20).Select(n => new TenantId("ten_" + n))];
        await Journal.CommitAsync(Make.Write("c/taken", null));
        await Task.WhenAll(Enumerable.Range(0, 32).Select(writer => Task.Run(async () =>
        {
            for (var n = 0; n < 30; n++)
            {
                var (one, two) = (tenants[(writer + n) % tenants.Length], tenants[(writer * n) % tenants.Length]);
                var written = Journal.CommitAsync(Make.Write($"c/{writer}", n == 0 ? null : n, Make.Event("evt", one), Make.Event("evt", two), Make.Event("evt", one)));
                var refused = Journal.CommitAsync(Make.Write("c/taken", 99, Make.Event("evt", one), Make.Event("evt", two)));
                Assert.False((await written).IsConflict);
                Assert.True((await refused).IsConflict);
            }
        })));

        Assert.Equal(32 * 30 * 3, await AssertDenseAsync(tenants));
        Reopen();
        Assert.Equal(32 * 30 * 3, await AssertDenseAsync(tenants));
        await Journal.AppendAsync([.. tenants.Select(tenant => Make.Event("evt", tenant))]);
        Assert.Equal((32 * 30 * 3) + tenants.Length, await AssertDenseAsync(tenants));
    }

    [Fact]
    public async Task Sequence_AllEventsDeleted_GoesOn()
    {
        await Journal.AppendAsync([.. Enumerable.Range(0, 5).Select(n => Make.Event($"evt_{n}"))]);
        await Journal.DeleteEventsBeforeAsync(Make.Noon.AddDays(1), 100);
        Reopen();
        await Journal.AppendAsync([Make.Event("evt_next"), Make.Event("evt_first", Make.Neighbour)]);

        Assert.Equal(6, Assert.Single((await Journal.ReadEventsAsync(Make.Tenant, 0, 10)).Events).Sequence);
        Assert.Equal(1, Assert.Single((await Journal.ReadEventsAsync(Make.Neighbour, 0, 10)).Events).Sequence);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ChargerSequence_AsTheCallerGaveIt_IsReadBack(bool reopened)
    {
        await Journal.CommitAsync(Make.Write("c/1", null, Make.Event("evt_1") with { ChargerSequence = 41 }, Make.Event("evt_2")));
        await Journal.AppendAsync([Make.Event("evt_3") with { ChargerSequence = long.MaxValue }]);
        var journal = reopened ? Reopen() : Journal;

        Assert.Equal([(1, 41), (2, 0), (3, long.MaxValue)], (await journal.ReadEventsAsync(Make.Tenant, 0, 10)).Events.Select(e => (e.Sequence, e.ChargerSequence)));
        Assert.Equal([41, 0, long.MaxValue], (await journal.ReadPartitionAsync(journal.PartitionOf(Make.Tenant), 0, 10)).Select(e => e.ChargerSequence));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AppendAsync_EventOfNoCharger_IsReadBack(bool reopened)
    {
        await Journal.AppendAsync([Make.Event("evt_1", charger: "", type: EventTypes.WebhookFailing), Make.Event("evt_2")]);
        var journal = reopened ? Reopen() : Journal;

        Assert.Equal([ChargeBoxId.None, Make.ChargeBox], (await journal.ReadEventsAsync(Make.Tenant, 0, 10)).Events.Select(e => e.ChargeBoxId));
        Assert.Equal("evt_1", Assert.Single((await journal.ReadEventsAsync(Make.Tenant, 0, 10, charger: ChargeBoxId.None)).Events).Id);
    }

    /// <summary>Answers how many events there are.</summary>
    private protected async Task<int> AssertDenseAsync(IEnumerable<TenantId> tenants)
    {
        var all = 0;
        foreach (var tenant in tenants)
        {
            List<JournalEvent> events = [];
            for (EventPage? page = null; page is null || page.Events.Count > 0;)
            {
                page = await Journal.ReadEventsAsync(tenant, page?.ReadTo ?? 0, 1000);
                events.AddRange(page.Events);
            }
            Assert.Equal(Enumerable.Range(1, events.Count).Select(n => (long)n), events.Select(e => e.Sequence));
            Assert.Equal(events.Select(e => e.Position).Order(), events.Select(e => e.Position));
            all += events.Count;
        }
        return all;
    }
}

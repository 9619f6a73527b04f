using Capacitor.Events;
using Orleans.Storage;

namespace Capacitor.Storage.Tests;

public sealed class GrainStorageTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private JournalSilo _silo = null!;

    public async Task InitializeAsync() => _silo = await JournalSilo.StartAsync(_folder.Path);

    public async Task DisposeAsync() => await _silo.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WriteState_WithOutbox_CommitsBothAndEmptiesIt()
    {
        var grain = _silo.Grains.GetGrain<ICounterGrain>("c/1");

        Assert.Equal((1, 0), await grain.CountAsync("evt_1"));
        Assert.Equal((2, 0), await grain.CountAsync("evt_2"));
        Assert.Equal((2, true, "2"), await grain.ReadAsync());
        Assert.Equal(["evt_1", "evt_2"], (await _silo.Journal.ReadEventsAsync(Make.Tenant, 0, 10)).Events.Select(e => e.Id));
    }

    [Fact]
    public async Task WriteState_ChangedBySomeoneElse_ThrowsAndKeepsTheOutbox()
    {
        var grain = _silo.Grains.GetGrain<ICounterGrain>("c/1");
        await grain.CountAsync("evt_1");
        await _silo.Journal.CommitAsync(new() { Name = "test-counter", Key = "c/1", ExpectedVersion = 1, Payload = (await _silo.Journal.ReadStateAsync("test-counter", "c/1")).Payload });

        await Assert.ThrowsAsync<InconsistentStateException>(() => grain.CountAsync("evt_lost"));
        // The runtime has thrown the stale activation away; the next one reads what is stored.
        Assert.Equal((2, 0), await grain.CountAsync("evt_2"));
        Assert.Equal(["evt_1", "evt_2"], (await _silo.Journal.ReadEventsAsync(Make.Tenant, 0, 10)).Events.Select(e => e.Id));
    }

    [Fact]
    public async Task ClearState_ThenWrite_StartsAnew()
    {
        var grain = _silo.Grains.GetGrain<ICounterGrain>("c/1");
        await grain.CountAsync("evt_1");

        Assert.False(await grain.ClearAsync());
        Assert.Equal((1, 0), await grain.CountAsync("evt_2"));
        Assert.Equal((1, true, "3"), await grain.ReadAsync());
    }

    [Fact]
    public async Task ReadState_NeverWritten_IsNew() =>
        Assert.Equal((0, false, null), await _silo.Grains.GetGrain<ICounterGrain>("c/none").ReadAsync());

    [Fact]
    public async Task ReadState_AfterRestart_IsWhatWasWritten()
    {
        await _silo.Grains.GetGrain<ICounterGrain>("c/1").CountAsync("evt_1");
        await _silo.DisposeAsync();
        _silo = await JournalSilo.StartAsync(_folder.Path);

        Assert.Equal((1, true, "1"), await _silo.Grains.GetGrain<ICounterGrain>("c/1").ReadAsync());
    }
}

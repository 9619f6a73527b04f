using System.Text.Json;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Grains.IdTags;
using Capacitor.IdTags;
using Capacitor.Tenants;
using Capacitor.Webhooks;
using Xunit;

namespace Capacitor.Grains.Tests.IdTags;

public sealed class IdTagStateTests
{
    private static readonly TenantId Tenant = new("ten_1");
    private static readonly DateTimeOffset Noon = new(2026, 2, 6, 12, 0, 0, TimeSpan.Zero);

    private readonly IdTagState _state = new();

    public IdTagStateTests()
    {
        _state.Create(Tenant, new NewIdTag { Text = "Tag", UserId = "usr_1", ExpiresAt = Noon.AddHours(1), MaxActiveTransactions = 2, Note = "blue", ParentIdTag = "FLEET" }, Noon);
        _state.Outbox.Clear();
    }

    [Fact]
    public void Change_NothingNew_IsNoChange()
    {
        Assert.False(_state.Change(Tenant, new IdTagPatch { Note = Change.To("blue"), Status = IdTagStatus.Accepted }, Noon.AddMinutes(1)));
        Assert.Empty(_state.Outbox.Events);
        Assert.Equal(Noon, _state.Tag!.UpdatedAt);
    }

    [Fact]
    public void Change_ManyThingsAtOnce_TellsOfEachInItsOrder()
    {
        Assert.True(_state.Change(Tenant, new IdTagPatch { UserId = Change.To("usr_2"), Status = IdTagStatus.Blocked, Note = Change.To<string>(null) }, Noon));

        Assert.Equal([EventTypes.IdTagAssigned, EventTypes.IdTagRevoked, EventTypes.IdTagUpdated], Types());
        Assert.Equal("usr_2", Data(1).GetProperty("userId").GetString());
        Assert.Equal("blocked", Data(1).GetProperty("reason").GetString());
    }

    [Fact]
    public void Change_TakenAwayAndBlocked_IsOneRevocationWithTheUserOfBefore()
    {
        Assert.True(_state.Change(Tenant, new IdTagPatch { UserId = Change.To<string>(null), Status = IdTagStatus.Blocked, Reason = "lost" }, Noon));

        Assert.Equal([EventTypes.IdTagRevoked], Types());
        Assert.Equal("""{"idTag":"Tag","status":"Blocked","expiresAt":"2026-02-06T13:00:00.000Z","userId":"usr_1","reason":"lost"}""", Data(0).GetRawText());
        Assert.Null(_state.Tag!.UserId);
    }

    [Fact]
    public void Change_TakenAwayOnly_IsARevocationThatSaysSo()
    {
        Assert.True(_state.Change(Tenant, new IdTagPatch { UserId = Change.To<string>(null) }, Noon));
        Assert.Equal([EventTypes.IdTagRevoked], Types());
        Assert.Equal("unassigned", Data(0).GetProperty("reason").GetString());
    }

    [Fact]
    public void Change_Unblocked_IsAnUpdate()
    {
        _state.Change(Tenant, new IdTagPatch { Status = IdTagStatus.Blocked }, Noon);
        _state.Outbox.Clear();

        Assert.True(_state.Change(Tenant, new IdTagPatch { Status = IdTagStatus.Accepted }, Noon));

        Assert.Equal([EventTypes.IdTagUpdated], Types());
    }

    [Fact]
    public void Expire_BeforeAtAndAfterItsTime_TellsOnce()
    {
        Assert.False(_state.Expire(Tenant, Noon.AddMinutes(59)));
        Assert.True(_state.Expire(Tenant, Noon.AddHours(1)));
        Assert.False(_state.Expire(Tenant, Noon.AddHours(2)));

        Assert.Equal([EventTypes.IdTagExpired], Types());
        Assert.Equal("Expired", Data(0).GetProperty("status").GetString());
        Assert.Null(_state.ExpiryDue);
    }

    [Fact]
    public void Expire_AfterItWasExtended_TellsOfTheNewEnd()
    {
        _state.Expire(Tenant, Noon.AddHours(1));
        _state.Change(Tenant, new IdTagPatch { ExpiresAt = Change.To<DateTimeOffset?>(Noon.AddHours(3)) }, Noon.AddHours(1));
        _state.Outbox.Clear();

        Assert.Equal(Noon.AddHours(3), _state.ExpiryDue);
        Assert.False(_state.Expire(Tenant, Noon.AddHours(2)));
        Assert.True(_state.Expire(Tenant, Noon.AddHours(3)));
    }

    [Fact]
    public void EventIds_OfTwoLives_Differ()
    {
        var before = new IdTagState();
        var after = new IdTagState();
        before.Create(Tenant, new NewIdTag { Text = "Tag" }, Noon);
        after.Create(Tenant, new NewIdTag { Text = "Tag" }, Noon);
        Assert.NotEqual(before.Outbox.Events[0].Id, after.Outbox.Events[0].Id);
        Assert.Equal(ChargeBoxId.None, before.Outbox.Events[0].ChargeBoxId);
    }

    [Theory]
    [InlineData(IdTagStatus.Accepted, null, IdTagStanding.Accepted)]
    [InlineData(IdTagStatus.Accepted, 1, IdTagStanding.Accepted)]
    [InlineData(IdTagStatus.Accepted, 0, IdTagStanding.Expired)]
    [InlineData(IdTagStatus.Blocked, 0, IdTagStanding.Blocked)]
    public void StandingAt_ATime_IsTheWorstOfIt(IdTagStatus status, int? expiresInHours, IdTagStanding expected)
    {
        var tag = _state.Tag! with { Status = status, ExpiresAt = expiresInHours is { } hours ? Noon.AddHours(hours) : null };
        Assert.Equal(expected, tag.StandingAt(Noon));
    }

    private IEnumerable<string> Types() => _state.Outbox.Events.Select(item => item.Type);

    private JsonElement Data(int index) => JsonElement.Parse(_state.Outbox.Events[index].Body).GetProperty("data");
}

using Capacitor.Events;
using Capacitor.Grains.Records;
using Capacitor.IdTags;
using Capacitor.Records;
using Capacitor.Users;
using Orleans.Serialization;

namespace Capacitor.Grains.IdTags;

/// <summary>One id tag of a tenant.</summary>
[GrainType("id-tag")]
internal sealed class IdTagGrain(
    [PersistentState("id-tag", EventStream.Provider)] IPersistentState<IdTagState> tag,
    IJournalReader journal,
    Serializer serializer,
    TimeProvider time) : Grain, IIdTagGrain
{
    private StartGrants? _grants;

    private IdTagState State => tag.State;

    private IdTagId Id => IdTagId.FromGrainKey(this.GetPrimaryKeyString());

    public async Task<IdTag> CreateAsync(NewIdTag tag)
    {
        if (State.Tag is not null)
        {
            throw new RefusedException(RefusalKind.Conflict, $"An id tag '{State.Tag.Text}' is already registered.", "idTag");
        }

        IdTagRules.Check(Id, tag);
        await CheckUserAsync(tag.UserId);
        State.Create(Id.Tenant, tag, time.GetUtcNow());
        await SaveAsync();
        return State.Tag!;
    }

    public Task<IdTag?> FindAsync() => Task.FromResult(Known());

    public async Task<IdTag?> ChangeAsync(IdTagPatch patch)
    {
        if (Known() is not { } before)
        {
            return null;
        }

        IdTagRules.Check(Id, patch);
        if (patch.UserId.Value != before.UserId)
        {
            await CheckUserAsync(patch.UserId.Value);
        }

        if (State.Change(Id.Tenant, patch, time.GetUtcNow()))
        {
            await SaveAsync();
        }

        return State.Tag;
    }

    public async Task<bool> RemoveAsync()
    {
        if (Known() is null)
        {
            return false;
        }

        State.Remove(Id.Tenant, time.GetUtcNow());
        State.Outbox.Records.Add(RecordChange.Remove(RowKey));
        State.Outbox.Records.Add(RecordChange.Remove(ExpiryKey));
        await this.EraseAsync(tag);
        DeactivateOnIdle();
        return true;
    }

    public async Task<IdTagVerdict?> JudgeAsync()
    {
        if (Known() is not { } known)
        {
            return null;
        }

        var standing = known.StandingAt(time.GetUtcNow());
        if (standing == IdTagStanding.Accepted && IdTagId.TryParse(Id.Tenant, known.ParentIdTag, out var group))
        {
            standing = (await GrainFactory.GetGrain<IIdTagGrain>(group.GrainKey).FindAsync())?.StandingAt(time.GetUtcNow()) ?? IdTagStanding.Accepted;
        }

        return new(standing, known.ExpiresAt, known.ParentIdTag);
    }

    public async Task<IdTagVerdict?> JudgeStartAsync(IdTagStart start)
    {
        var verdict = await JudgeAsync();
        return verdict is { Standing: IdTagStanding.Accepted } && State.Tag?.MaxActiveTransactions is { } most
            && !await (_grants ??= new StartGrants(journal, time)).TryGrantAsync(Id, start, most)
            ? verdict with { Standing = IdTagStanding.ConcurrentTx }
            : verdict;
    }

    public async Task<bool> ExpireAsync()
    {
        if (Known() is null || !State.Expire(Id.Tenant, time.GetUtcNow()))
        {
            return false;
        }

        await SaveAsync();
        return true;
    }

    private RecordKey RowKey => new(Id.Tenant, RecordKinds.IdTag, Id.Key);

    private RecordKey ExpiryKey => new(IdTagExpiries.Everybody, RecordKinds.IdTagExpiry, this.GetPrimaryKeyString());

    // Whatever somebody holds to a reader asks here: what is not registered must not fill the memory.
    private IdTag? Known()
    {
        if (State.Tag is null)
        {
            DeactivateOnIdle();
        }

        return State.Tag;
    }

    private async Task CheckUserAsync(string? userId)
    {
        if (userId is not null && await journal.FindRecordAsync(new(Id.Tenant, RecordKinds.User, userId)) is null)
        {
            throw IdTagRules.Wrong("userId", "The userId names no user of this account. POST /api/v1/users makes one.");
        }
    }

    private Task SaveAsync()
    {
        var known = State.Tag!;
        State.Outbox.Records.Add(RecordChange.Save(new RecordRow
        {
            Key = RowKey,
            Parent = known.UserId,
            Status = known.Status.ToString(),
            At = known.CreatedAt,
            Body = RecordBodies.Write(serializer, known),
        }));
        State.Outbox.Records.Add(State.ExpiryDue is { } due
            ? RecordChange.Save(new RecordRow { Key = ExpiryKey, At = due, Body = [] })
            : RecordChange.Remove(ExpiryKey));
        return this.SaveAsync(tag);
    }
}

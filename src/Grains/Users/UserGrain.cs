using Capacitor.Events;
using Capacitor.Grains.Records;
using Capacitor.Records;
using Capacitor.Tenants;
using Capacitor.Users;
using Orleans.Serialization;

namespace Capacitor.Grains.Users;

/// <summary>One user of a tenant.</summary>
[GrainType("user")]
internal sealed class UserGrain(
    [PersistentState("user", EventStream.Provider)] IPersistentState<UserState> user, IJournalReader journal, Serializer serializer, TimeProvider time)
    : Grain, IUserGrain
{
    private UserState State => user.State;

    private UserId Id
    {
        get
        {
            var parts = this.GetPrimaryKeyString().Split('/');
            return new(new TenantId(parts[1]), parts[2]);
        }
    }

    private RecordKey RowKey => new(Id.Tenant, RecordKinds.User, Id.Value);

    public async Task<User> CreateAsync(NewUser user)
    {
        if (State.User is null) // else this is the same call again, whose answer was lost: ids are made for one user each
        {
            State.Create(Id, user, time.GetUtcNow());
            await SaveAsync();
        }

        return State.User!;
    }

    public async Task<User?> ChangeAsync(UserPatch patch)
    {
        if (!IsKnown())
        {
            return null;
        }

        if (State.Change(Id.Tenant, patch, time.GetUtcNow()))
        {
            await SaveAsync();
        }

        return State.User;
    }

    public async Task<bool> RemoveAsync()
    {
        if (!IsKnown())
        {
            return false;
        }

        var tags = (await journal.ListRecordsAsync(Id.Tenant, new RecordFilter { Kind = RecordKinds.IdTag, Parent = Id.Value }, 1, 0)).Total;
        if (tags > 0)
        {
            throw new RefusedException(
                RefusalKind.Conflict, $"{(tags == 1 ? "1 id tag is" : $"{tags} id tags are")} assigned to this user. Revoke, delete or reassign {(tags == 1 ? "it" : "them")} first.");
        }

        State.Remove(Id.Tenant, time.GetUtcNow());
        State.Outbox.Records.Add(RecordChange.Remove(RowKey));
        await this.EraseAsync(user);
        DeactivateOnIdle();
        return true;
    }

    private bool IsKnown()
    {
        if (State.User is null)
        {
            DeactivateOnIdle();
        }

        return State.User is not null;
    }

    private Task SaveAsync()
    {
        var known = State.User!;
        State.Outbox.Records.Add(RecordChange.Save(new RecordRow
        {
            Key = RowKey,
            Parent = known.ExternalId,
            Status = known.Status.ToString(),
            At = known.CreatedAt,
            Body = RecordBodies.Write(serializer, known),
        }));
        return this.SaveAsync(user);
    }
}

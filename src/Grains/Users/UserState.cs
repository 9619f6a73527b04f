using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Grains.Chargers;
using Capacitor.Tenants;
using Capacitor.Users;

namespace Capacitor.Grains.Users;

/// <summary>A user, and the rules for what happens to one; each leaves its event in the outbox, to be committed with the state.</summary>
[GenerateSerializer, Alias("capacitor.state.user")]
internal sealed class UserState : IHasOutbox
{
    /// <summary>Null: there is none.</summary>
    [Id(0)] public User? User { get; set; }

    /// <summary>How many events there have been.</summary>
    [Id(1)] public long Sequence { get; set; }

    [field: NonSerialized]
    public Outbox Outbox { get; } = new();

    public void Create(UserId id, NewUser user, DateTimeOffset now)
    {
        User = new User
        {
            Id = id.Value, ExternalId = user.ExternalId, Name = user.Name, Email = user.Email, Status = user.Status, CreatedAt = now, UpdatedAt = now,
        };
        Emit(EventTypes.UserCreated, id.Tenant, now, null);
    }

    /// <summary>False when all of it is true already.</summary>
    public bool Change(TenantId tenant, UserPatch patch, DateTimeOffset now)
    {
        var before = User!;
        var after = before with
        {
            ExternalId = patch.ExternalId.Over(before.ExternalId),
            Name = patch.Name ?? before.Name,
            Email = patch.Email.Over(before.Email),
            Status = patch.Status ?? before.Status,
        };
        if (after == before)
        {
            return false;
        }

        User = after with { UpdatedAt = now };
        Emit(EventTypes.UserUpdated, tenant, now, Changed(before, after));
        return true;
    }

    public void Remove(TenantId tenant, DateTimeOffset now) => Emit(EventTypes.UserDeleted, tenant, now, null);

    private static List<string> Changed(User before, User after)
    {
        List<string> fields = [];
        Note("externalId", before.ExternalId == after.ExternalId);
        Note("name", before.Name == after.Name);
        Note("email", before.Email == after.Email);
        Note("status", before.Status == after.Status);
        return fields;

        void Note(string field, bool same)
        {
            if (!same)
            {
                fields.Add(field);
            }
        }
    }

    // The user's id is never given again, so its events need no other.
    private void Emit(string type, TenantId tenant, DateTimeOffset now, List<string>? changed) => Outbox.Events.Add(new NewEvent
    {
        Id = EventId.Derive(User!.Id, ++Sequence),
        Type = type,
        Tenant = tenant,
        ChargeBoxId = ChargeBoxId.None,
        At = now,
        Body = UserEventBody.Of(type, User, changed, now),
    });
}

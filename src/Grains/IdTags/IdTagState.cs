using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Grains.Chargers;
using Capacitor.IdTags;
using Capacitor.Tenants;

namespace Capacitor.Grains.IdTags;

/// <summary>A registered tag, and the rules for what happens to it; each leaves its events in the outbox, to be committed with the state.</summary>
[GenerateSerializer, Alias("capacitor.state.id-tag")]
internal sealed class IdTagState : IHasOutbox
{
    /// <summary>Null: it is not registered.</summary>
    [Id(0)] public IdTag? Tag { get; set; }

    /// <summary>Another one each time that the tag is registered: keeps the events of one life apart from those of the next.</summary>
    [Id(1)] public string? RegistrationId { get; set; }

    /// <summary>How many events there have been.</summary>
    [Id(2)] public long Sequence { get; set; }

    /// <summary>The end of its time that was told already; null: none.</summary>
    [Id(3)] public DateTimeOffset? ExpiryTold { get; set; }

    [field: NonSerialized]
    public Outbox Outbox { get; } = new();

    /// <summary>When its expiry is to be told; null: never, or it has been.</summary>
    public DateTimeOffset? ExpiryDue => Tag?.ExpiresAt is { } end && end != ExpiryTold ? end : null;

    public void Create(TenantId tenant, NewIdTag tag, DateTimeOffset now)
    {
        RegistrationId = RandomId.New("tag_");
        Tag = new IdTag
        {
            Text = tag.Text,
            ParentIdTag = tag.ParentIdTag,
            Status = tag.Status,
            ExpiresAt = tag.ExpiresAt,
            UserId = tag.UserId,
            MaxActiveTransactions = tag.MaxActiveTransactions,
            Note = tag.Note,
            CreatedAt = now,
            UpdatedAt = now,
        };
        Emit(EventTypes.IdTagCreated, tenant, now, Tag);
    }

    /// <summary>False when all of it is true already. Says first whose it is now, then that it was taken away or blocked, then what else has changed.</summary>
    public bool Change(TenantId tenant, IdTagPatch patch, DateTimeOffset now)
    {
        var before = Tag!;
        var after = before with
        {
            ParentIdTag = patch.ParentIdTag.Over(before.ParentIdTag),
            Status = patch.Status ?? before.Status,
            ExpiresAt = patch.ExpiresAt.Over(before.ExpiresAt),
            UserId = patch.UserId.Over(before.UserId),
            MaxActiveTransactions = patch.MaxActiveTransactions.Over(before.MaxActiveTransactions),
            Note = patch.Note.Over(before.Note),
        };
        if (after == before)
        {
            return false;
        }

        Tag = after = after with { UpdatedAt = now };
        if (after.UserId is not null && after.UserId != before.UserId)
        {
            Emit(EventTypes.IdTagAssigned, tenant, now, after);
        }

        var isTaken = before.UserId is not null && after.UserId is null;
        var isBlocked = before.Status == IdTagStatus.Accepted && after.Status == IdTagStatus.Blocked;
        if (isTaken || isBlocked)
        {
            // Its own user is the one who must be told.
            Emit(EventTypes.IdTagRevoked, tenant, now, after with { UserId = after.UserId ?? before.UserId }, patch.Reason ?? (isBlocked ? "blocked" : "unassigned"));
        }

        var rest = after with { UserId = before.UserId, UpdatedAt = before.UpdatedAt, Status = isBlocked ? before.Status : after.Status };
        if (rest != before)
        {
            Emit(EventTypes.IdTagUpdated, tenant, now, after);
        }

        return true;
    }

    public void Remove(TenantId tenant, DateTimeOffset now) => Emit(EventTypes.IdTagDeleted, tenant, now, Tag!);

    /// <summary>False when it has not expired, or when that was told.</summary>
    public bool Expire(TenantId tenant, DateTimeOffset now)
    {
        if (ExpiryDue is not { } end || end > now)
        {
            return false;
        }

        ExpiryTold = end;
        Emit(EventTypes.IdTagExpired, tenant, now, Tag!);
        return true;
    }

    private void Emit(string type, TenantId tenant, DateTimeOffset now, IdTag tag, string? reason = null) => Outbox.Events.Add(new NewEvent
    {
        Id = EventId.Derive(RegistrationId!, ++Sequence),
        Type = type,
        Tenant = tenant,
        ChargeBoxId = ChargeBoxId.None,
        At = now,
        Body = IdTagEventBody.Of(type, tag, reason, now),
    });
}

using Capacitor.IdTags;
using Capacitor.Tenants;

namespace Capacitor.Grains.IdTags;

/// <summary>What may be said of a tag; each refusal says what was wrong and what is allowed.</summary>
internal static class IdTagRules
{
    public const int MostActiveTransactions = 100;
    public const int MaxNoteLength = 255;
    public const int MaxReasonLength = 255;

    public static void Check(IdTagId id, NewIdTag tag)
    {
        CheckParent(id, tag.ParentIdTag);
        CheckLimit(tag.MaxActiveTransactions);
        CheckLength("note", tag.Note, MaxNoteLength);
    }

    public static void Check(IdTagId id, IdTagPatch patch)
    {
        CheckParent(id, patch.ParentIdTag.Value);
        CheckLimit(patch.MaxActiveTransactions.Value);
        CheckLength("note", patch.Note.Value, MaxNoteLength);
        CheckLength("reason", patch.Reason, MaxReasonLength);
    }

    /// <summary>The tag that is meant. Throws when it can be none.</summary>
    public static IdTagId ReadId(TenantId tenant, string text) => IdTagId.TryParse(tenant, text, out var id)
        ? id
        : throw Wrong("idTag", $"The idTag must have {IdTagId.Allowed}.");

    public static RefusedException Wrong(string field, string message) => new(RefusalKind.Invalid, message, field);

    private static void CheckParent(IdTagId id, string? parent)
    {
        if (parent is null)
        {
            return;
        }

        if (!IdTagId.TryParse(id.Tenant, parent, out var group))
        {
            throw Wrong("parentIdTag", $"The parentIdTag must have {IdTagId.Allowed}, or be null.");
        }

        if (group.Key == id.Key)
        {
            throw Wrong("parentIdTag", "The parentIdTag is the tag itself. Leave it out when the tag is in no group.");
        }
    }

    private static void CheckLimit(int? limit)
    {
        if (limit is < 1 or > MostActiveTransactions)
        {
            throw Wrong("maxActiveTransactions", $"The maxActiveTransactions are {limit}; 1 to {MostActiveTransactions} are allowed, or null for no limit.");
        }
    }

    private static void CheckLength(string field, string? text, int most)
    {
        if (text is { Length: var length } && (length == 0 || length > most))
        {
            throw Wrong(field, $"The {field} has {length} characters; 1 to {most} are allowed. Leave it out for none.");
        }
    }
}

using Capacitor.IdTags;

namespace Capacitor.Api.IdTags;

internal sealed record IdTagBody(
    string IdTag, string? ParentIdTag, string Status, DateTimeOffset? ExpiresAt, string? UserId, int? MaxActiveTransactions, string? Note, DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static IdTagBody Of(IdTag tag) => new(
        tag.Text, tag.ParentIdTag, tag.Status.ToString(), tag.ExpiresAt, tag.UserId, tag.MaxActiveTransactions, tag.Note, tag.CreatedAt, tag.UpdatedAt);
}

internal sealed record IdTagListBody(IReadOnlyList<IdTagBody> IdTags, PaginationBody Pagination);

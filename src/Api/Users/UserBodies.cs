using Capacitor.Users;

namespace Capacitor.Api.Users;

internal sealed record UserBody(string Id, string? ExternalId, string Name, string? Email, string Status, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static UserBody Of(User user) =>
        new(user.Id, user.ExternalId, user.Name, user.Email, UserRequests.Word(user.Status), user.CreatedAt, user.UpdatedAt);
}

internal sealed record UserListBody(IReadOnlyList<UserBody> Users, PaginationBody Pagination);

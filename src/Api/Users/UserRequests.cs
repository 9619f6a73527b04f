using Capacitor.Api.Json;
using Capacitor.Users;

namespace Capacitor.Api.Users;

/// <summary>Reads what a tenant says of its users.</summary>
internal static class UserRequests
{
    public static readonly string[] Statuses = [.. Enum.GetValues<UserStatus>().Select(Word)];

    private const int MaxText = 255;
    private const int MaxEmail = 254;

    public static async Task<NewUser> ReadNewAsync(HttpRequest request)
    {
        using var body = await JsonBody.ReadAsync(request);
        return new()
        {
            ExternalId = body["externalId"].TextOrNull(MaxText),
            Name = body["name"].Text(MaxText),
            Email = ReadEmail(body["email"]),
            Status = ReadStatus(body["status"]) ?? UserStatus.Active,
        };
    }

    public static async Task<UserPatch> ReadPatchAsync(HttpRequest request)
    {
        using var body = await JsonBody.ReadAsync(request);
        return new()
        {
            ExternalId = body["externalId"].Change(member => member.TextOrNull(MaxText)),
            Name = body["name"].IsAbsent ? null : body["name"].Text(MaxText),
            Email = body["email"].Change(ReadEmail),
            Status = ReadStatus(body["status"]),
        };
    }

    /// <summary>A status as the wire spells it.</summary>
    public static string Word(UserStatus status) => status.ToString().ToLowerInvariant();

    /// <summary>The status that a word of <see cref="Statuses"/> means.</summary>
    public static UserStatus Parse(string word) => (UserStatus)Array.IndexOf(Statuses, word);

    private static UserStatus? ReadStatus(JsonMember member) => member.IsAbsent ? null : Parse(member.OneOf(Statuses));

    private static string? ReadEmail(JsonMember member)
    {
        var email = member.TextOrNull(MaxEmail);
        return email is null || (email.IndexOf('@') is > 0 and var at && at < email.Length - 1 && !email.Any(char.IsWhiteSpace))
            ? email
            : throw member.Refuse("'email' must be an address such as somebody@example.com, or null.");
    }
}

using Capacitor.Api.Json;
using Capacitor.IdTags;
using Capacitor.Webhooks;

namespace Capacitor.Api.IdTags;

/// <summary>Reads what a tenant says of its id tags. Types are checked here, meaning by the grain.</summary>
internal static class IdTagRequests
{
    public static readonly string[] Statuses = Enum.GetNames<IdTagStatus>();

    public static async Task<NewIdTag> ReadNewAsync(HttpRequest request)
    {
        using var body = await JsonBody.ReadAsync(request);
        return new()
        {
            Text = body["idTag"].Text(),
            ParentIdTag = body["parentIdTag"].TextOrNull(),
            Status = ReadStatus(body["status"]) ?? IdTagStatus.Accepted,
            ExpiresAt = ReadEnd(body["expiresAt"]),
            UserId = body["userId"].TextOrNull(),
            MaxActiveTransactions = body["maxActiveTransactions"].IntegerOrNull(),
            Note = body["note"].TextOrNull(),
        };
    }

    public static async Task<IdTagPatch> ReadPatchAsync(HttpRequest request)
    {
        using var body = await JsonBody.ReadAsync(request);
        return new()
        {
            ParentIdTag = body["parentIdTag"].Change(member => member.TextOrNull()),
            Status = ReadStatus(body["status"]),
            ExpiresAt = body["expiresAt"].Change(ReadEnd),
            UserId = body["userId"].Change(member => member.TextOrNull()),
            MaxActiveTransactions = body["maxActiveTransactions"].Change(member => member.IntegerOrNull()),
            Note = body["note"].Change(member => member.TextOrNull()),
        };
    }

    public static async Task<IdTagPatch> ReadAssignmentAsync(HttpRequest request)
    {
        using var body = await JsonBody.ReadAsync(request);
        return new() { UserId = Change.To(body["userId"].Text()) };
    }

    public static async Task<IdTagPatch> ReadRevocationAsync(HttpRequest request) => new()
    {
        UserId = Change.To<string>(null),
        Status = IdTagStatus.Blocked,
        Reason = await ReadReasonAsync(request) ?? "revoked",
    };

    public static async Task<IdTagPatch> ReadBlockAsync(HttpRequest request) => new() { Status = IdTagStatus.Blocked, Reason = await ReadReasonAsync(request) };

    private static async Task<string?> ReadReasonAsync(HttpRequest request)
    {
        using var body = await JsonBody.ReadOptionalAsync(request);
        return body["reason"].TextOrNull();
    }

    private static IdTagStatus? ReadStatus(JsonMember member) => member.IsAbsent ? null : Enum.Parse<IdTagStatus>(member.OneOf(Statuses));

    // As events and lists show times, so that what is stored is what is shown.
    private static DateTimeOffset? ReadEnd(JsonMember member) =>
        member.TimeOrNull() is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds()) : null;
}

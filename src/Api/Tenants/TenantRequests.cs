using Capacitor.Api.IdTags;
using Capacitor.Api.Json;
using Capacitor.Api.Security;
using Capacitor.Tenants;

namespace Capacitor.Api.Tenants;

/// <summary>Reads what the operator says of tenants and keys.</summary>
internal static class TenantRequests
{
    private const int MaxName = 255;

    public static async Task<(string Name, Tier Tier)> ReadNewAsync(HttpRequest request)
    {
        using var body = await JsonBody.ReadAsync(request);
        return (body["name"].Text(MaxName), body["tier"].IsAbsent ? Tier.Scale : ReadTier(body["tier"]));
    }

    public static async Task<TenantPatch> ReadPatchAsync(HttpRequest request)
    {
        using var body = await JsonBody.ReadAsync(request);
        return new()
        {
            Name = body["name"].IsAbsent ? null : body["name"].Text(MaxName),
            Tier = body["tier"].IsAbsent ? null : ReadTier(body["tier"]),
            Suspended = body["suspended"].NewFlag(),
            UnknownIdTagPolicy = UnknownIdTagWord.Read(body["unknownIdTagPolicy"]),
        };
    }

    /// <summary>What a tenant may change of itself.</summary>
    public static async Task<TenantPatch> ReadOwnPatchAsync(HttpRequest request)
    {
        using var body = await JsonBody.ReadAsync(request);
        return new()
        {
            Name = body["name"].IsAbsent ? null : body["name"].Text(MaxName),
            UnknownIdTagPolicy = UnknownIdTagWord.Read(body["unknownIdTagPolicy"]),
        };
    }

    public static async Task<string> ReadKeyNameAsync(HttpRequest request)
    {
        using var body = await JsonBody.ReadAsync(request);
        return body["name"].Text(MaxName);
    }

    private static Tier ReadTier(JsonMember member) => TierName.Parse(member.OneOf(TierName.All));
}

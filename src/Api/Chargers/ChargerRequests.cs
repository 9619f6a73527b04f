using Capacitor.Api.Json;
using Capacitor.Chargers;

namespace Capacitor.Api.Chargers;

/// <summary>Reads what a tenant says of its chargers.</summary>
internal static class ChargerRequests
{
    private const int MaxText = 255;
    private const int MaxPassword = 64;
    private const string OnlyProtocol = "ocpp1.6";

    public static async Task<NewCharger> ReadNewAsync(HttpRequest request)
    {
        using var body = await JsonBody.ReadAsync(request);
        return new()
        {
            ChargeBoxId = ReadId(body["chargeBoxId"]),
            Name = body["name"].TextOrNull(MaxText),
            Location = body["location"].TextOrNull(MaxText),
            Password = body["password"].TextOrNull(MaxPassword),
            AssumeProtocol = CheckProtocol(body["assumeProtocol"], body["assumeProtocol"].TextOrNull(MaxText)),
            SecurityProfile = ReadProfile(body["securityProfile"]),
        };
    }

    public static async Task<ChargerPatch> ReadPatchAsync(HttpRequest request)
    {
        using var body = await JsonBody.ReadAsync(request);
        var protocol = body["assumeProtocol"].NewSetting(MaxText);
        CheckProtocol(body["assumeProtocol"], protocol.Value);
        return new()
        {
            Name = body["name"].NewSetting(MaxText),
            Location = body["location"].NewSetting(MaxText),
            Password = body["password"].NewSetting(MaxPassword),
            AssumeProtocol = protocol,
            SecurityProfile = body["securityProfile"].IsAbsent ? default : ProfileSetting.To(ReadProfile(body["securityProfile"])),
            AllowDowngrade = body["allowDowngrade"].NewFlag() ?? false,
        };
    }

    /// <summary>The id of a charger in a body.</summary>
    public static ChargeBoxId ReadId(JsonMember member) => ChargeBoxId.TryParse(member.Text(), out var id) ? id : throw member.Refuse(
        $"'chargeBoxId' must have 1 to {ChargeBoxId.MaxLength} characters: letters, digits, * - _ : = + | @ . and spaces, but none at the ends.");

    private static SecurityProfile? ReadProfile(JsonMember member) =>
        (SecurityProfile?)member.IntegerOrNull((int)SecurityProfile.Unsecured, (int)SecurityProfile.MutualTls);

    private static string? CheckProtocol(JsonMember member, string? protocol) =>
        protocol is null or OnlyProtocol ? protocol : throw member.Refuse($"'assumeProtocol' must be {OnlyProtocol} or null.");
}

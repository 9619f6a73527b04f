using Capacitor.Tenants;

namespace Capacitor.Api.Security;

/// <summary>Tiers as the wire spells them.</summary>
internal static class TierName
{
    public static readonly string[] All = ["free", "starter", "growth", "scale"];

    public static string Of(Tier tier) => All[(int)tier];

    public static Tier Parse(string name) => (Tier)Array.IndexOf(All, name);
}

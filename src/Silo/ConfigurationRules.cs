using System.Globalization;
using Capacitor.Tenants;
using Microsoft.Extensions.Configuration;

namespace Capacitor.Silo;

/// <summary>
/// Looks at the configuration as it was written, before anything is bound, so that all mistakes are told at once and in words for its author.
/// An empty value is one that was not given. Values of keys are secrets and never repeated.
/// </summary>
internal static class ConfigurationRules
{
    private static readonly TimeSpan LongestGrace = TimeSpan.FromHours(1);

    public static IEnumerable<string> Check(IConfiguration configuration)
    {
        foreach (var (key, rule) in Rules())
        {
            if (configuration[key] is { Length: > 0 } value && rule(value) is { } advice)
            {
                yield return $"{key} {advice}";
            }
        }
    }

    private static IEnumerable<(string Key, Func<string, string?> Rule)> Rules()
    {
        yield return ("Capacitor:DataDirectory", value => string.IsNullOrWhiteSpace(value) ? "is blank. Give the folder to store data in, or leave it out for ./data." : null);
        yield return ("Capacitor:BootstrapApiKey", value => ApiKeySecret.IsWellFormed(value) ? null : $"{ApiKeySecret.Rule}. Leave it out, and a key is made and printed.");
        yield return ("Capacitor:AdminKey", value => string.IsNullOrWhiteSpace(value) ? "is blank. Give a long random text, or leave it out to do without the admin API." : null);
        yield return ("Capacitor:Dashboard", OneOf("true", "false"));
        yield return ("Capacitor:UnknownChargers", OneOf("reject", "accept"));
        yield return ("Capacitor:Webhooks:AllowPrivateNetworks", OneOf("true", "false"));
        yield return ("Capacitor:EventRetention", Retention);
        yield return ("Capacitor:Chargers:LostConnectionGrace", Grace);
        foreach (var tier in Enum.GetNames<Tier>())
        {
            yield return ($"Capacitor:Tiers:{tier}:Chargers", Limit);
            yield return ($"Capacitor:Tiers:{tier}:ApiCallsPerDay", Limit);
            yield return ($"Capacitor:Tiers:{tier}:Webhooks", OneOf("true", "false"));
        }
    }

    private static Func<string, string?> OneOf(string one, string other) => value =>
        value.Equals(one, StringComparison.OrdinalIgnoreCase) || value.Equals(other, StringComparison.OrdinalIgnoreCase)
            ? null
            : $"is '{value}'. Use '{one}' or '{other}'.";

    private static string? Limit(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? null : $"is '{value}'. Use a whole number from 0, or leave it empty for no limit.";

    private static string? Grace(string value) =>
        TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var grace) && grace >= TimeSpan.Zero && grace <= LongestGrace
            ? null
            : $"is '{value}'. Use a time from 00:00:00 to 01:00:00, such as 00:00:30.";

    private static string? Retention(string value) =>
        TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var kept) && kept >= TimeSpan.FromHours(1)
            ? null
            : $"is '{value}'. Use a time from 01:00:00 (an hour), such as 30.00:00:00 (30 days).";
}

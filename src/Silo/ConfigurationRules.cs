using System.Data.Common;
using System.Globalization;
using System.Net;
using Capacitor.Grains.Secrets;
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

        foreach (var problem in SecretKeys(configuration))
        {
            yield return problem;
        }
    }

    // A list; none of its values is ever repeated.
    private static IEnumerable<string> SecretKeys(IConfiguration configuration)
    {
        var list = configuration.GetSection("Capacitor:SecretKeys");
        if (list.Value is { Length: > 0 })
        {
            yield return "Capacitor:SecretKeys is a list: give its keys as Capacitor:SecretKeys:0, Capacitor:SecretKeys:1 and so on (in the environment Capacitor__SecretKeys__0).";
        }

        foreach (var key in list.GetChildren())
        {
            if (key.Value is { Length: > 0 } text && !SecretKey.TryParse(text, out _))
            {
                yield return $"{key.Path} {SecretKey.Rule}.";
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
        yield return ("Capacitor:MessageLog:Enabled", OneOf("true", "false"));
        yield return ("Capacitor:Chargers:LostConnectionGrace", Grace);
        yield return ("Capacitor:Chargers:RemoteStartPatience", Grace);
        yield return ("ConnectionStrings:Capacitor", ConnectionString);
        yield return ("Capacitor:HostSilo", OneOf("true", "false"));
        yield return ("Capacitor:Cluster:ClusterId", value => value.Length <= 150 ? null : "is too long. Use at most 150 characters.");
        yield return ("Capacitor:Cluster:SiloPort", Port);
        yield return ("Capacitor:Cluster:GatewayPort", Port);
        yield return ("Capacitor:Cluster:AdvertisedAddress", value => IPAddress.TryParse(value, out _) ? null : $"is '{value}'. Use the IP address at which the other processes reach this one.");
        yield return ("Capacitor:Cluster:ProbeTimeout", Probe);
        yield return ("Capacitor:Cluster:JournalPatience", JournalPatience);
        foreach (var tier in Enum.GetNames<Tier>())
        {
            yield return ($"Capacitor:Tiers:{tier}:Chargers", Limit);
            yield return ($"Capacitor:Tiers:{tier}:ApiCallsPerDay", Limit);
            yield return ($"Capacitor:Tiers:{tier}:Webhooks", OneOf("true", "false"));
            yield return ($"Capacitor:Tiers:{tier}:MostWebhooks", Limit);
            yield return ($"Capacitor:Tiers:{tier}:DeliveryLogDays", Days);
            yield return ($"Capacitor:Tiers:{tier}:MessageLogDays", Days);
        }
    }

    private static Func<string, string?> OneOf(string one, string other) => value =>
        value.Equals(one, StringComparison.OrdinalIgnoreCase) || value.Equals(other, StringComparison.OrdinalIgnoreCase)
            ? null
            : $"is '{value}'. Use '{one}' or '{other}'.";

    // Never repeated: it holds a password.
    private static string? ConnectionString(string value)
    {
        try
        {
            var given = new DbConnectionStringBuilder { ConnectionString = value };
            return given.ContainsKey("Host") || given.ContainsKey("Server") ? null : "names no host. Use a text such as Host=db;Database=capacitor;Username=capacitor;Password=….";
        }
        catch (ArgumentException)
        {
            return "cannot be read. Use a text such as Host=db;Database=capacitor;Username=capacitor;Password=….";
        }
    }

    private static string? Port(string value) =>
        ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? null : $"is '{value}'. Use a port from 1 to 65535, or 0 for one that is free.";

    private static string? Probe(string value) =>
        TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var probe) && probe >= TimeSpan.FromMilliseconds(100) && probe <= TimeSpan.FromMinutes(1)
            ? null
            : $"is '{value}'. Use a time from 00:00:00.100 to 00:01:00, such as 00:00:01.";

    private static string? JournalPatience(string value) =>
        TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var patience) && patience >= TimeSpan.FromSeconds(5) && patience <= TimeSpan.FromHours(1)
            ? null
            : $"is '{value}'. Use a time from 00:00:05 to 01:00:00, such as 00:00:10.";

    private static string? Limit(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? null : $"is '{value}'. Use a whole number from 0, or leave it empty for no limit.";

    private static string? Days(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is >= 1 and <= 3_650 ? null : $"is '{value}'. Use a whole number of days from 1 to 3650.";

    private static string? Grace(string value) =>
        TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var grace) && grace >= TimeSpan.Zero && grace <= LongestGrace
            ? null
            : $"is '{value}'. Use a time from 00:00:00 to 01:00:00, such as 00:00:30.";

    private static string? Retention(string value) =>
        TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var kept) && kept >= TimeSpan.FromHours(1)
            ? null
            : $"is '{value}'. Use a time from 01:00:00 (an hour), such as 30.00:00:00 (30 days).";
}

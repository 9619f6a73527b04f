using Microsoft.Extensions.Configuration;

namespace Capacitor.Silo;

/// <summary>What kind of process the configuration makes of this one.</summary>
public static class Deployment
{
    /// <summary>The name of the connection string that makes a process part of a cluster.</summary>
    public const string ConnectionName = "Capacitor";

    /// <summary>The cluster's database; null for the embedded mode.</summary>
    public static string? Database(IConfiguration configuration) =>
        configuration.GetConnectionString(ConnectionName) is { } given && !string.IsNullOrWhiteSpace(given) ? given : null;

    /// <summary>True when an Api process hosts grains itself: always in the embedded mode, in a cluster when <c>Capacitor:HostSilo</c> is true.</summary>
    public static bool HostsSilo(IConfiguration configuration) =>
        Database(configuration) is null || (bool.TryParse(configuration["Capacitor:HostSilo"], out var hosts) && hosts);
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Capacitor.Silo;

/// <summary>How log lines look: for machines in production, for people elsewhere. <c>Logging:Console:FormatterName</c> decides otherwise.</summary>
public static class LogFormat
{
    private const string Key = "Logging:Console:FormatterName";
    private const string Json = "json";

    /// <summary>True when each line is a JSON object: then nothing else should be mixed in.</summary>
    public static bool IsJson(IConfiguration configuration) => string.Equals(configuration[Key], Json, StringComparison.OrdinalIgnoreCase);

    internal static void AddDefaults(IDictionary<string, string?> defaults, IConfiguration configuration, IHostEnvironment environment)
    {
        if (configuration[Key] is null && !environment.IsDevelopment())
        {
            defaults[Key] = Json;
        }

        if (defaults.ContainsKey(Key) || IsJson(configuration))
        {
            defaults["Logging:Console:FormatterOptions:UseUtcTimestamp"] = "true";
            defaults["Logging:Console:FormatterOptions:TimestampFormat"] = "yyyy-MM-ddTHH:mm:ss.fffZ";
            defaults["Logging:Console:FormatterOptions:IncludeScopes"] = "true"; // the trace's id is there
        }
    }
}

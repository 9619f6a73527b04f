using Microsoft.Extensions.Configuration.Memory;

namespace Capacitor.Api.Startup;

/// <summary>What holds when nobody says otherwise. Lowest in rank: files, environment and command line override it.</summary>
internal static class Defaults
{
    private const string Url = "http://localhost:5080";

    // Any of these says where to listen, so the default must stay out of the way.
    private static readonly string[] AddressKeys = ["urls", "http_ports", "https_ports"];

    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["Logging:LogLevel:Default"] = "Information",
        ["Logging:LogLevel:Microsoft"] = "Warning",
        ["Logging:LogLevel:Orleans"] = "Warning",
        ["Logging:LogLevel:System"] = "Warning",
        ["Logging:Console:FormatterName"] = "simple",
        ["Logging:Console:FormatterOptions:SingleLine"] = "true",
        ["Logging:Console:FormatterOptions:TimestampFormat"] = "HH:mm:ss.fff ",
    };

    public static void AddDefaults(this WebApplicationBuilder builder)
    {
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Settings });
        if (AddressKeys.All(key => string.IsNullOrEmpty(builder.Configuration[key])) && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            builder.WebHost.UseUrls(Url);
        }
    }
}

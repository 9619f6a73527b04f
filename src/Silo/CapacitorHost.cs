namespace Capacitor.Silo;

/// <summary>The builder that every process of ours starts from.</summary>
public static class CapacitorHost
{
    /// <summary>
    /// The framework's builder, without its watch for changed configuration files: that watches every folder below the working directory, and each write
    /// to the journal there would wake it.
    /// </summary>
    public static WebApplicationBuilder CreateBuilder(string[] args) =>
        WebApplication.CreateBuilder([.. args, "--hostBuilder:reloadConfigOnChange=false"]);
}

using System.ComponentModel;
using System.Runtime.CompilerServices;
using Xunit;

namespace Capacitor.Cluster.Tests;

/// <summary>The programs as they were before the newest change of <c>src</c>: with what was committed before that, the two versions would be one.</summary>
public sealed class EarlierBuild : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("capacitor-before-").FullName;

    private string Programs => Path.Combine(_folder, "src", "Api", "bin", "Release", "net10.0");

    public string Silo => Cluster.SiloOf(Programs);

    public string Api => Cluster.ApiOf(Programs);

    /// <summary>Builds them: before a test begins, so that it costs the test's time nothing.</summary>
    public async Task InitializeAsync()
    {
        var archive = Path.Combine(_folder, "source.tar");
        await Shell.RunAsync(Root(), "git", "archive", "--output", archive, await FindAsync());
        await Shell.RunAsync(_folder, "tar", "-xf", archive);

        // An Api has the silo's program beside it.
        await Shell.RunAsync(_folder, "dotnet", "build", "src/Api/Api.csproj", "-c", "Release", "-p:RunAnalyzers=false", "-p:GenerateDocumentationFile=false");
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    private static async Task<string> FindAsync()
    {
        try
        {
            var newest = (await Shell.RunAsync(Root(), "git", "log", "-1", "--format=%H", "--", "src")).Trim();
            return (await Shell.RunAsync(Root(), "git", "rev-parse", "--verify", $"{newest}^1")).Trim(); // of a merge, the branch it was merged into
        }
        catch (Exception failure) when (failure is InvalidOperationException or Win32Exception)
        {
            throw new InvalidOperationException("The test of two versions builds the one before the newest change of src, and needs a clone with its history for that.", failure);
        }
    }

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}

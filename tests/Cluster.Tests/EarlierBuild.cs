using System.ComponentModel;
using System.Runtime.CompilerServices;
using Xunit;

namespace Capacitor.Cluster.Tests;

/// <summary>The programs as they were before the newest change of <c>src</c>.</summary>
public sealed class EarlierBuild : IAsyncLifetime
{
    private readonly DirectoryInfo? _own;
    private readonly string _folder;

    /// <summary>Whoever runs all tests may have built them already, and says where.</summary>
    public EarlierBuild()
    {
        _own = Environment.GetEnvironmentVariable("CAPACITOR_EARLIER_BUILD") is { Length: > 0 } ? null : Directory.CreateTempSubdirectory("capacitor-before-");
        _folder = _own?.FullName ?? Environment.GetEnvironmentVariable("CAPACITOR_EARLIER_BUILD")!;
    }

    public string Silo => Cluster.SiloOf(Programs);

    public string Api => Cluster.ApiOf(Programs);

    private string Programs => Path.Combine(_folder, "src", "Api", "bin", "Release", "net10.0");

    /// <summary>Builds them: before a test begins, so that it costs the test's time nothing.</summary>
    public async Task InitializeAsync()
    {
        if (_own is null)
        {
            return;
        }

        try
        {
            await Shell.RunAsync(_folder, "bash", Script(), _folder);
        }
        catch (Exception failure) when (failure is InvalidOperationException or Win32Exception)
        {
            throw new InvalidOperationException("The test of two versions builds the one before the newest change of src, and needs a clone with its history for that.", failure);
        }
    }

    public Task DisposeAsync()
    {
        _own?.Delete(recursive: true);
        return Task.CompletedTask;
    }

    private static string Script([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "build-earlier.sh");
}

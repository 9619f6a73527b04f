using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Capacitor.Testing;

namespace Capacitor.Api.Tests.Octt;

/// <summary>A server for all cases, with and without TLS. Each case runs once, whoever asks for its outcome.</summary>
public sealed class OcttServer : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> _outcomes = new();

    public TestAuthority Authority { get; } = TestAuthority.Create();

    public CapacitorServer Capacitor { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        using var certificate = Authority.IssueServer();
        var folder = Directory.CreateTempSubdirectory("capacitor-octt-");
        Capacitor = await CapacitorServer.StartAsync(CertificateFiles.Endpoints(CertificateFiles.Write(folder.FullName, "server", certificate)));
        folder.Delete(recursive: true);
    }

    public async Task DisposeAsync()
    {
        await Capacitor.DisposeAsync();
        Authority.Dispose();
    }

    /// <summary><c>passed</c>, or <c>failed</c> with the reason.</summary>
    internal Task<string> OutcomeAsync(OcttCase octt) => _outcomes.GetOrAdd(octt.Id, _ => new(() => RunAsync(octt))).Value;

    internal bool Trusts(X509Certificate2 presented, X509Chain chain)
    {
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add(Authority.Certificate);
        return chain.Build(presented);
    }

    private async Task<string> RunAsync(OcttCase octt)
    {
        await using var station = await OcttStation.CreateAsync(this, octt.Id);
        try
        {
            await octt.Steps(station);
            return "passed";
        }
        catch (OcttFailure failure)
        {
            return $"failed: {failure.Message}";
        }
    }
}

using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using Capacitor.Testing;

namespace Capacitor.Api.Tests.Security;

/// <summary>A server's certificate that is renewed, as docs/security.md tells it.</summary>
public sealed class CertificateRotationTests : IDisposable
{
    private readonly TestAuthority _authority = TestAuthority.Create();
    private readonly string _folder = Directory.CreateTempSubdirectory("capacitor-tls-").FullName;

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _authority.Dispose();
    }

    [Fact]
    public async Task Server_CertificateFilesReplaced_ShowsTheNewOneWithoutARestart()
    {
        using var first = _authority.IssueServer("first");
        await using var server = await CapacitorServer.StartAsync(CertificateFiles.Endpoints(CertificateFiles.Write(_folder, "server", first)));
        Assert.Equal("CN=first", await SubjectAsync(server));

        using var second = _authority.IssueServer("second");
        CertificateFiles.Write(_folder, "server", second);
        var since = Stopwatch.GetTimestamp();
        while (await SubjectAsync(server) != "CN=second")
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromMinutes(1), "The server keeps its old certificate.");
        }
    }

    /// <summary>The subject of the certificate that the server shows; null while its endpoint is opened anew.</summary>
    private static async Task<string?> SubjectAsync(CapacitorServer server)
    {
        try
        {
            using var tcp = new TcpClient();
            await tcp.ConnectAsync("127.0.0.1", server.SecureAddress.Port);
            await using var tls = new SslStream(tcp.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate is not null);
            await tls.AuthenticateAsClientAsync("localhost");
            return tls.RemoteCertificate?.Subject;
        }
        catch (Exception failure) when (failure is SocketException or IOException or InvalidOperationException)
        {
            return null;
        }
    }
}

using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Capacitor.Testing;

/// <summary>A certificate authority of a test: a real root, which signs what it is asked to.</summary>
public sealed class TestAuthority : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2 _root;

    private TestAuthority(X509Certificate2 root) => _root = root;

    /// <summary>The root's certificate.</summary>
    public string Pem => _root.ExportCertificatePem();

    /// <summary>The root's certificate, without its key.</summary>
    public X509Certificate2 Certificate => X509CertificateLoader.LoadCertificate(_root.RawData);

    /// <summary>A root of its own.</summary>
    public static TestAuthority Create(string name = "Test Root", DateTimeOffset? notAfter = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new(Authority(name, key).CreateSelfSigned(LongAgo, notAfter ?? Later));
    }

    /// <summary>An authority below this one.</summary>
    public TestAuthority Below(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var signed = Authority(name, key).Create(_root, LongAgo, Later, Serial());
        return new(signed.CopyWithPrivateKey(key));
    }

    /// <summary>A certificate for 127.0.0.1 and localhost.</summary>
    public X509Certificate2 IssueServer(string commonName = "localhost")
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        return Issue(commonName, ServerAuthentication, Later, names.Build());
    }

    /// <summary>A certificate for 127.0.0.1 and localhost, which is of no use any more.</summary>
    public X509Certificate2 IssueExpiredServer()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        return Issue("localhost", ServerAuthentication, LongAgo.AddDays(1), names.Build());
    }

    /// <summary>A certificate for one name.</summary>
    public X509Certificate2 IssueServerNamed(string dnsName)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(dnsName);
        return Issue(dnsName, ServerAuthentication, Later, names.Build());
    }

    /// <summary>A certificate for 127.0.0.1 that says where its issuer's certificate is to be had.</summary>
    public X509Certificate2 IssueServerOfIssuerAt(Uri issuer)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        return Issue("localhost", ServerAuthentication, Later, names.Build(), new X509AuthorityInformationAccessExtension(null, [issuer.ToString()]));
    }

    /// <summary>A charger's certificate.</summary>
    public X509Certificate2 IssueClient(string commonName, DateTimeOffset? notAfter = null, string? dnsName = null)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(dnsName ?? "unrelated.example");
        return Issue(commonName, ClientAuthentication, notAfter ?? Later, names.Build());
    }

    /// <summary>A certificate of this authority that says it is for servers.</summary>
    public X509Certificate2 IssueForServersOnly(string commonName) => Issue(commonName, ServerAuthentication, Later);

    /// <summary>A charger's certificate that says nothing of what it is for.</summary>
    public X509Certificate2 IssueWithoutPurpose(string commonName) => Issue(commonName, null, Later);

    /// <summary>The certificate that a charger's signing request asks for, in PEM.</summary>
    public string Sign(string csr)
    {
        var request = CertificateRequest.LoadSigningRequestPem(csr, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ClientAuthentication)], critical: false));
        using var signed = request.Create(_root, LongAgo, Later, Serial());
        return signed.ExportCertificatePem();
    }

    /// <inheritdoc/>
    public void Dispose() => _root.Dispose();

    private static DateTimeOffset LongAgo => DateTimeOffset.UnixEpoch.AddYears(50);

    private static DateTimeOffset Later => DateTimeOffset.UnixEpoch.AddYears(79);

    private static byte[] Serial() => [0x01, .. RandomNumberGenerator.GetBytes(15)];

    private static CertificateRequest Authority(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request;
    }

    private X509Certificate2 Issue(string commonName, string? purpose, DateTimeOffset notAfter, params ReadOnlySpan<X509Extension?> extensions)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(commonName);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        if (purpose is not null)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false));
        }

        foreach (var extension in extensions)
        {
            if (extension is not null)
            {
                request.CertificateExtensions.Add(extension);
            }
        }

        using var signed = request.Create(_root, LongAgo, notAfter, Serial());
        return signed.CopyWithPrivateKey(key);
    }
}

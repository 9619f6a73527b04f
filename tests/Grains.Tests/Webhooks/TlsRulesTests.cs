using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Capacitor.Grains.Webhooks;
using Capacitor.Testing;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Tests.Webhooks;

public sealed class TlsRulesTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_770_379_200);

    private readonly TestAuthority _authority = TestAuthority.Create();
    private readonly X509Certificate2 _client;
    private readonly string _key;

    public TlsRulesTests()
    {
        _client = _authority.IssueClient("capacitor");
        using var key = _client.GetECDsaPrivateKey()!;
        _key = key.ExportPkcs8PrivateKeyPem();
    }

    private WebhookTls Good => new() { ClientCertificate = _client.ExportCertificatePem(), ClientKey = _key, Authorities = _authority.Pem };

    public void Dispose()
    {
        _client.Dispose();
        _authority.Dispose();
    }

    [Fact]
    public void Read_GoodSettings_ShowsTheCertificate()
    {
        var good = Good;
        var (tls, shown) = TlsRules.Read(good, Now);
        Assert.Same(good, tls);
        Assert.Equal(
            new WebhookTlsSummary { Subject = "CN=capacitor", Thumbprint = Convert.ToHexStringLower(SHA256.HashData(_client.RawData)), NotAfter = DateTimeOffset.UnixEpoch.AddYears(79), Authorities = 1 },
            shown);
    }

    [Fact]
    public void Read_ChainAndOtherKinds_AreFine()
    {
        using var rsa = RSA.Create(2048);
        var request = new CertificateRequest("CN=rsa", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var signed = request.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(1));
        var tls = new WebhookTls { ClientCertificate = signed.ExportCertificatePem() + "\n" + _authority.Pem, ClientKey = rsa.ExportRSAPrivateKeyPem() };
        Assert.Equal(("CN=rsa", 0), (TlsRules.Read(tls, Now).Summary!.Subject, TlsRules.Read(tls, Now).Summary!.Authorities));
        Assert.Equal(new WebhookTlsSummary { Authorities = 2 }, TlsRules.Read(new WebhookTls { Authorities = _authority.Pem + "\n" + _authority.Pem }, Now).Summary);
        Assert.Equal((null, null), TlsRules.Read(null, Now));
    }

    [Fact]
    public void Read_NothingInIt_IsRefused() =>
        Refused(new(), "tls", "The 'tls' is empty. It needs a clientCertificate with its clientKey, or authorities, or both; null, or nothing, is for none.");

    [Theory]
    [InlineData("https://example.com/", true)]
    [InlineData("HTTPS://example.com/", true)]
    [InlineData("http://example.com/", false)]
    [InlineData("HTTP://example.com/", false)]
    public void CheckUrl_OnlyHttps_HasUseForThem(string url, bool isRight)
    {
        TlsRules.CheckUrl(url, null);
        var refusal = Record.Exception(() => TlsRules.CheckUrl(url, new WebhookTlsSummary { Authorities = 1 }));
        Assert.Equal(isRight ? null : "tls", (refusal as RefusedException)?.Field);
    }

    [Fact]
    public void Read_WrongCertificate_SaysWhatIsWrong()
    {
        using var expired = _authority.IssueClient("old", Now.AddDays(-1));
        Refused(Good with { ClientCertificate = "hello" }, "tls.clientCertificate", "The clientCertificate has no certificate. It must be in PEM (-----BEGIN CERTIFICATE-----).");
        Refused(Good with { ClientCertificate = "" }, "tls.clientCertificate", "The clientCertificate has no certificate. It must be in PEM (-----BEGIN CERTIFICATE-----).");
        Refused(
            Good with { ClientCertificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----" },
            "tls.clientCertificate",
            "The clientCertificate has a certificate that cannot be read. It must be in PEM (-----BEGIN CERTIFICATE-----).");
        Refused(Good with { ClientCertificate = expired.ExportCertificatePem() }, "tls.clientCertificate", "The clientCertificate expired on 2026-02-05.");
        Refused(Good with { ClientCertificate = new string('x', 65_537) }, "tls.clientCertificate", "The clientCertificate has 65537 characters; at most 65536 are allowed.");
        Refused(
            Good with { ClientCertificate = string.Join('\n', Enumerable.Repeat(_client.ExportCertificatePem(), 17)) },
            "tls.clientCertificate",
            "The clientCertificate has 17 certificates; at most 16 are allowed.");
        Refused(Good with { ClientCertificate = null }, "tls.clientCertificate", "The clientKey is of no use without its clientCertificate.");
    }

    [Fact]
    public void Read_WrongKey_SaysWhatIsWrongAndNothingOfTheKey()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        const string Wrong = "The clientKey is no private key in PEM, or not that of the first certificate in clientCertificate.";
        Refused(Good with { ClientKey = null }, "tls.clientKey", "The clientCertificate is of no use without its clientKey.");
        Refused(Good with { ClientKey = "hello" }, "tls.clientKey", Wrong);
        Refused(Good with { ClientKey = other.ExportPkcs8PrivateKeyPem() }, "tls.clientKey", Wrong);
        Refused(Good with { ClientKey = _key.Replace("MIGH", "AAAA", StringComparison.Ordinal) }, "tls.clientKey", Wrong);
        Refused(
            Good with { ClientKey = other.ExportEncryptedPkcs8PrivateKeyPem("password", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)) },
            "tls.clientKey",
            "The clientKey is encrypted. It must be given in PEM without a password.");
    }

    [Fact]
    public void Read_WrongAuthorities_SaysWhatIsWrong()
    {
        using var below = _authority.Below("Issuer");
        Refused(Good with { Authorities = "" }, "tls.authorities", "The authorities have no certificate. It must be in PEM (-----BEGIN CERTIFICATE-----).");
        Refused(Good with { Authorities = below.Pem }, "tls.authorities", "The authorities have no root certificate (one that signed itself) that is still valid.");
    }

    private static void Refused(WebhookTls tls, string field, string message)
    {
        var refusal = Assert.Throws<RefusedException>(() => TlsRules.Read(tls, Now));
        Assert.Equal((RefusalKind.Invalid, field, message), (refusal.Kind, refusal.Field, refusal.Message));
    }
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

/// <summary>Which TLS settings may be registered; each refusal says what was wrong and what is allowed, and none repeats what was given: it may hold a key.</summary>
internal static class TlsRules
{
    /// <summary>The longest PEM, in characters.</summary>
    public const int MaxPemLength = 65_536;

    /// <summary>The most certificates in one PEM.</summary>
    public const int MaxCertificates = 16;

    private const string CertificateField = "tls.clientCertificate";
    private const string KeyField = "tls.clientKey";
    private const string AuthoritiesField = "tls.authorities";

    /// <summary>Checks settings, and answers with them what may be shown of them; null: there are none. Throws <see cref="RefusedException"/>.</summary>
    public static (WebhookTls? Tls, WebhookTlsSummary? Summary) Read(WebhookTls? tls, DateTimeOffset now)
    {
        if (tls is null)
        {
            return (null, null);
        }

        if (tls is { ClientCertificate: null, ClientKey: null, Authorities: null })
        {
            throw Wrong("tls", "The 'tls' is empty. It needs a clientCertificate with its clientKey, or authorities, or both; null, or nothing, is for none.");
        }

        var summary = new WebhookTlsSummary { Authorities = CountAuthorities(tls.Authorities, now) };
        if (tls.ClientCertificate is null)
        {
            return tls.ClientKey is null ? (tls, summary) : throw Wrong(CertificateField, "The clientKey is of no use without its clientCertificate.");
        }

        using var first = CheckCertificate(tls.ClientCertificate, now);
        CheckKey(tls);
        return (tls, summary with
        {
            Subject = first.Subject,
            Thumbprint = first.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant(),
            NotAfter = first.NotAfter.ToUniversalTime(),
        });
    }

    /// <summary>Checks that a webhook with TLS settings has a URL that they are of use for. Throws <see cref="RefusedException"/>.</summary>
    public static void CheckUrl(string url, WebhookTlsSummary? tls)
    {
        if (tls is not null && !url.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
        {
            throw Wrong("tls", "The webhook has TLS settings, which need an https url: without it no certificate would be shown or checked. Give an https url, or null as 'tls'.");
        }
    }

    private static X509Certificate2 CheckCertificate(string pem, DateTimeOffset now)
    {
        var certificates = Read(CertificateField, "clientCertificate has", pem);
        foreach (var other in certificates.Skip(1))
        {
            other.Dispose();
        }

        var first = certificates[0];
        return first.NotAfter.ToUniversalTime() > now.UtcDateTime
            ? first
            : throw Wrong(CertificateField, $"The clientCertificate expired on {first.NotAfter.ToUniversalTime():yyyy-MM-dd}.");
    }

    private static void CheckKey(WebhookTls tls)
    {
        var key = tls.ClientKey ?? throw Wrong(KeyField, "The clientCertificate is of no use without its clientKey.");
        if (key.Length > MaxPemLength)
        {
            throw Wrong(KeyField, $"The clientKey has {key.Length} characters; at most {MaxPemLength} are allowed.");
        }

        if (key.Contains("ENCRYPTED", StringComparison.Ordinal))
        {
            throw Wrong(KeyField, "The clientKey is encrypted. It must be given in PEM without a password.");
        }

        try
        {
            using var loaded = LoadedTls.Read(tls with { Authorities = null });
            _ = LoadedTls.Options(loaded);
        }
        catch (CryptographicException)
        {
            throw Wrong(KeyField, "The clientKey is no private key in PEM, or not that of the first certificate in clientCertificate.");
        }
    }

    private static int CountAuthorities(string? pem, DateTimeOffset now)
    {
        if (pem is null)
        {
            return 0;
        }

        var certificates = Read(AuthoritiesField, "authorities have", pem);
        var hasRoot = certificates.Any(certificate => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData) && certificate.NotAfter.ToUniversalTime() > now.UtcDateTime);
        foreach (var certificate in certificates)
        {
            certificate.Dispose();
        }

        return hasRoot ? certificates.Count : throw Wrong(AuthoritiesField, "The authorities have no root certificate (one that signed itself) that is still valid.");
    }

    private static X509Certificate2Collection Read(string field, string subject, string pem)
    {
        if (pem.Length > MaxPemLength)
        {
            throw Wrong(field, $"The {subject} {pem.Length} characters; at most {MaxPemLength} are allowed.");
        }

        X509Certificate2Collection certificates = [];
        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            throw Wrong(field, $"The {subject} a certificate that cannot be read. It must be in PEM (-----BEGIN CERTIFICATE-----).");
        }

        return certificates.Count is > 0 and <= MaxCertificates
            ? certificates
            : throw Wrong(field, certificates.Count == 0
                ? $"The {subject} no certificate. It must be in PEM (-----BEGIN CERTIFICATE-----)."
                : $"The {subject} {certificates.Count} certificates; at most {MaxCertificates} are allowed.");
    }

    private static RefusedException Wrong(string field, string message) => WebhookRules.Wrong(field, message);
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

/// <summary>What may be shown of a client certificate. <paramref name="Thumbprint"/>: SHA-256, in lower-case hex.</summary>
internal sealed record ShownCertificate(string Subject, string Thumbprint, DateTimeOffset NotAfter);

/// <summary>Which TLS settings may be registered; each refusal says what was wrong and what is allowed.</summary>
internal static class WebhookTlsRules
{
    /// <summary>The longest PEM, in characters.</summary>
    public const int MaxPemLength = 65_536;

    /// <summary>The most certificates in one PEM.</summary>
    public const int MaxCertificates = 16;

    private const string CertificateField = "tls.clientCertificate";
    private const string KeyField = "tls.clientKey";
    private const string AuthoritiesField = "tls.authorities";

    /// <summary>Checks settings, and returns what may be shown of the client certificate; null: there is none. Throws <see cref="RefusedException"/>.</summary>
    public static ShownCertificate? Check(WebhookTls tls, DateTimeOffset now)
    {
        CheckAuthorities(tls.Authorities, now);
        if (tls.ClientCertificate is null)
        {
            return tls.ClientKey is null ? null : throw Wrong(CertificateField, "The clientKey is of no use without its clientCertificate.");
        }

        using var first = CheckCertificate(tls.ClientCertificate, now);
        CheckKey(tls);
        return new ShownCertificate(first.Subject, first.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant(), first.NotAfter.ToUniversalTime());
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

    private static void CheckAuthorities(string? pem, DateTimeOffset now)
    {
        if (pem is null)
        {
            return;
        }

        var certificates = Read(AuthoritiesField, "authorities have", pem);
        var hasRoot = certificates.Any(certificate => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData) && certificate.NotAfter.ToUniversalTime() > now.UtcDateTime);
        foreach (var certificate in certificates)
        {
            certificate.Dispose();
        }

        if (!hasRoot)
        {
            throw Wrong(AuthoritiesField, "The authorities have no root certificate (one that signed itself) that is still valid.");
        }
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

    private static RefusedException Wrong(string field, string message) => new(RefusalKind.Invalid, message, field);
}

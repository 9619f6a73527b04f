using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Capacitor.Tenants;

namespace Capacitor.Grains.Tenants;

/// <summary>Reads certificate authorities from PEM.</summary>
internal static class AuthorityPem
{
    public const string Field = "pem";

    /// <summary>The certificates in the text. Throws <see cref="RefusedException"/> (Invalid) when there is none, when one is no authority, or when a private key is there.</summary>
    public static List<CertificateAuthority> Read(string pem)
    {
        if (pem.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            throw Invalid("There is a private key in it. Only certificates belong here; treat that key as known to others now.");
        }

        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
            return certificates.Count > 0
                ? [.. certificates.Select(Describe)]
                : throw Invalid("There is no certificate in it: -----BEGIN CERTIFICATE----- and so on, in PEM.");
        }
        catch (CryptographicException)
        {
            throw Invalid("It cannot be read as certificates in PEM.");
        }
        finally
        {
            foreach (var certificate in certificates)
            {
                certificate.Dispose();
            }
        }
    }

    public static RefusedException Invalid(string message) => new(RefusalKind.Invalid, message, Field);

    private static CertificateAuthority Describe(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority)
            ? new()
            {
                Fingerprint = certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant(),
                Subject = certificate.Subject,
                NotBefore = certificate.NotBefore,
                NotAfter = certificate.NotAfter,
                Certificate = certificate.RawData,
                IsRoot = certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData),
            }
            : throw Invalid($"'{certificate.Subject}' is no certificate authority (its basic constraints do not say CA).");
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Capacitor.Chargers;
using Capacitor.Tenants;

namespace Capacitor.Grains.Chargers;

/// <summary>Decides whether a certificate is a charger's: signed for it by its tenant's authorities, valid now, and meant for clients.</summary>
internal static class ChargerCertificate
{
    private const string CommonName = "2.5.4.3";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    public static AdmissionRefusal Judge(byte[] der, IReadOnlyList<CertificateAuthority> authorities, ChargeBoxId charger, DateTimeOffset now)
    {
        X509Certificate2 certificate;
        try
        {
            certificate = X509CertificateLoader.LoadCertificate(der);
        }
        catch (CryptographicException)
        {
            return AdmissionRefusal.UnreadableCertificate;
        }

        using (certificate)
        {
            if (JudgeChain(certificate, authorities, now) is var refusal and not AdmissionRefusal.None)
            {
                return refusal;
            }

            return Names(certificate).Contains(charger.Value, StringComparer.OrdinalIgnoreCase) ? AdmissionRefusal.None : AdmissionRefusal.ForeignCertificate;
        }
    }

    private static AdmissionRefusal JudgeChain(X509Certificate2 certificate, IReadOnlyList<CertificateAuthority> authorities, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true; // a charger's certificate must not make us fetch what it names
        policy.VerificationTime = now.UtcDateTime;
        policy.ApplicationPolicy.Add(new Oid(ClientAuthentication)); // passes without the extension, too
        foreach (var authority in authorities)
        {
            (authority.IsRoot ? policy.CustomTrustStore : policy.ExtraStore).Add(X509CertificateLoader.LoadCertificate(authority.Certificate));
        }

        try
        {
            if (policy.CustomTrustStore.Count > 0 && chain.Build(certificate))
            {
                return AdmissionRefusal.None;
            }

            // Out of date only if that is all that is wrong: else it would be said of anybody's certificate.
            return chain.ChainStatus is { Length: > 0 } faults && faults.All(fault => fault.Status == X509ChainStatusFlags.NotTimeValid)
                ? AdmissionRefusal.CertificateOutOfDate
                : AdmissionRefusal.UntrustedCertificate;
        }
        finally
        {
            foreach (var used in chain.ChainElements.Select(element => element.Certificate).Concat(policy.CustomTrustStore).Concat(policy.ExtraStore))
            {
                used.Dispose();
            }
        }
    }

    private static IEnumerable<string> Names(X509Certificate2 certificate)
    {
        var common = certificate.SubjectName.EnumerateRelativeDistinguishedNames()
            .Where(part => !part.HasMultipleElements && part.GetSingleElementType().Value == CommonName)
            .Select(part => part.GetSingleElementValue());
        var alternative = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(extension => extension.EnumerateDnsNames());
        return common.Concat(alternative).OfType<string>();
    }
}

using Capacitor.Chargers;

namespace Capacitor.Api.Ocpp;

/// <summary>Why a known charger was refused: as a metric's label, and in words for whoever sets it up.</summary>
internal static class Refusals
{
    public static string Label(AdmissionRefusal refusal) => refusal switch
    {
        AdmissionRefusal.PlainConnection => "plain_connection",
        AdmissionRefusal.EncryptedConnection => "encrypted_connection",
        AdmissionRefusal.UnexpectedPassword => "unexpected_password",
        AdmissionRefusal.NoCertificate => "no_certificate",
        AdmissionRefusal.UnreadableCertificate => "unreadable_certificate",
        AdmissionRefusal.UntrustedCertificate => "untrusted_certificate",
        AdmissionRefusal.CertificateOutOfDate => "certificate_out_of_date",
        AdmissionRefusal.ForeignCertificate => "foreign_certificate",
        _ => "forbidden",
    };

    public static string Explain(AdmissionRefusal refusal) => refusal switch
    {
        AdmissionRefusal.PlainConnection => "The security profile of this charger asks for TLS: connect with wss.",
        AdmissionRefusal.EncryptedConnection => "The security profile of this charger is one without TLS: raise its profile, or connect with ws.",
        AdmissionRefusal.UnexpectedPassword => "The security profile of this charger is 0, and it presented a password: raise its profile.",
        AdmissionRefusal.NoCertificate => "The security profile of this charger asks for a client certificate, and none arrived.",
        AdmissionRefusal.UnreadableCertificate => "The client certificate cannot be read.",
        AdmissionRefusal.UntrustedCertificate => "The client certificate was not issued by a certificate authority of this charger's tenant, or not for clients.",
        AdmissionRefusal.CertificateOutOfDate => "The client certificate, or that of its authority, has expired or is not valid yet.",
        AdmissionRefusal.ForeignCertificate => "The client certificate bears another name than the id of this charger.",
        _ => "This charger may not connect in this way.",
    };
}

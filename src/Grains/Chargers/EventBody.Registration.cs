using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Grains.Events;

namespace Capacitor.Grains.Chargers;

internal static partial class EventBody
{
    public static byte[] ChargerRegistered(Registration registration, DateTimeOffset now) => OfRegistration(EventTypes.ChargerRegistered, registration, now);

    public static byte[] ChargerDeleted(Registration registration, DateTimeOffset now) => OfRegistration(EventTypes.ChargerDeleted, registration, now);

    /// <summary><paramref name="suppressed"/>: how many like it went untold before; left out when there were none.</summary>
    public static byte[] ConnectionRejected(ChargeBoxId charger, AdmissionRefusal refusal, int suppressed, DateTimeOffset now)
    {
        var json = Begin(EventTypes.ChargerConnectionRejected, now, charger);
        json.WriteString("reason"u8, refusal switch
        {
            AdmissionRefusal.Password => "password"u8,
            AdmissionRefusal.PlainConnection => "plain_connection"u8,
            AdmissionRefusal.EncryptedConnection => "encrypted_connection"u8,
            AdmissionRefusal.UnexpectedPassword => "unexpected_password"u8,
            AdmissionRefusal.NoCertificate => "no_certificate"u8,
            AdmissionRefusal.UnreadableCertificate => "unreadable_certificate"u8,
            AdmissionRefusal.UntrustedCertificate => "untrusted_certificate"u8,
            AdmissionRefusal.CertificateOutOfDate => "certificate_out_of_date"u8,
            AdmissionRefusal.ForeignCertificate => "foreign_certificate"u8,
            AdmissionRefusal.NoCommonProtocol => "no_common_protocol"u8,
            _ => "other"u8,
        });
        if (suppressed > 0)
        {
            json.WriteNumber("suppressed"u8, suppressed);
        }

        return EventJson.End(json);
    }

    private static byte[] OfRegistration(string type, Registration registration, DateTimeOffset now)
    {
        var json = Begin(type, now, registration.ChargeBoxId);
        json.WriteString("name"u8, registration.Name);
        json.WriteString("location"u8, registration.Location);
        return EventJson.End(json);
    }
}

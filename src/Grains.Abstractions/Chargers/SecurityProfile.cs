namespace Capacitor.Chargers;

/// <summary>
/// What a charger must present (OCPP 1.6 security white paper §2, OCPP 2.0.1 A00). A charger with none set is let in over anything,
/// with its password when it has one.
/// </summary>
public enum SecurityProfile
{
    /// <summary>Nothing, over an unencrypted connection.</summary>
    Unsecured = 0,

    /// <summary>Its Basic password, over an unencrypted connection.</summary>
    Basic = 1,

    /// <summary>Its Basic password, over TLS.</summary>
    TlsBasic = 2,

    /// <summary>A certificate of its tenant's authorities that bears its id, over TLS.</summary>
    MutualTls = 3,
}

/// <summary>A new security profile, or nothing said about it: <c>default</c> leaves it alone, a null value clears it.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.profile-setting")]
public readonly record struct ProfileSetting([property: Id(0)] bool IsSet, [property: Id(1)] SecurityProfile? Value)
{
    /// <summary>Sets, or with null clears.</summary>
    public static ProfileSetting To(SecurityProfile? value) => new(true, value);

    /// <summary>The value after the change.</summary>
    public SecurityProfile? Over(SecurityProfile? current) => IsSet ? Value : current;
}

/// <summary>Why a known charger is not let in.</summary>
public enum AdmissionRefusal
{
    /// <summary>It is let in, or is unknown, or the reason is older than this list.</summary>
    None = 0,

    /// <summary>Its password was not presented.</summary>
    Password = 1,

    /// <summary>Its profile asks for TLS and the connection is plain.</summary>
    PlainConnection = 2,

    /// <summary>Its profile is one without TLS and the connection is encrypted.</summary>
    EncryptedConnection = 3,

    /// <summary>Its profile is 0 and it presented a password.</summary>
    UnexpectedPassword = 4,

    /// <summary>It presented no certificate.</summary>
    NoCertificate = 5,

    /// <summary>What it presented cannot be read as a certificate.</summary>
    UnreadableCertificate = 6,

    /// <summary>The certificate is not one of its tenant's authorities, or may not be used by a client.</summary>
    UntrustedCertificate = 7,

    /// <summary>The certificate, or one above it, is expired or not valid yet.</summary>
    CertificateOutOfDate = 8,

    /// <summary>The certificate bears another id.</summary>
    ForeignCertificate = 9,

    /// <summary>It was let in and offered no protocol that the server speaks.</summary>
    NoCommonProtocol = 10,
}

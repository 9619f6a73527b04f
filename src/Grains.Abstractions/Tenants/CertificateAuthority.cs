namespace Capacitor.Tenants;

/// <summary>A certificate that signs those of a tenant's chargers, or is on the way from them to one that does.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.certificate-authority")]
public sealed record CertificateAuthority
{
    /// <summary>SHA-256 of <see cref="Certificate"/>, in lower-case hexadecimal digits.</summary>
    [Id(0)] public required string Fingerprint { get; init; }

    /// <summary>Its distinguished name.</summary>
    [Id(1)] public required string Subject { get; init; }

    /// <summary>Valid from.</summary>
    [Id(2)] public required DateTimeOffset NotBefore { get; init; }

    /// <summary>Valid until.</summary>
    [Id(3)] public required DateTimeOffset NotAfter { get; init; }

    /// <summary>The certificate in DER.</summary>
    [Id(4)] public required byte[] Certificate { get; init; }

    /// <summary>True when trust begins with it; false for one that another one signed.</summary>
    [Id(5)] public required bool IsRoot { get; init; }
}

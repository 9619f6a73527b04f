using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>What a certificate is told by.</summary>
public sealed record CertificateHash : IPayload<CertificateHash>
{
    // Stands in while a message is read; one without the member is a violation and never seen.
    internal static CertificateHash Unknown => new() { HashAlgorithm = "", IssuerNameHash = "", IssuerKeyHash = "", SerialNumber = "" };

    /// <summary>One of <see cref="HashAlgorithms"/>.</summary>
    public required string HashAlgorithm { get; set; }

    public required string IssuerNameHash { get; set; }

    public required string IssuerKeyHash { get; set; }

    public required string SerialNumber { get; set; }

    static Shape<CertificateHash> IPayload<CertificateHash>.Shape { get; } =
        new Shape<CertificateHash>(() => Unknown)
            .Word("hashAlgorithm", HashAlgorithms.Words, Need.Required, (m, v) => m.HashAlgorithm = v ?? "")
            .Text("issuerNameHash", 128, Need.Required, (m, v) => m.IssuerNameHash = v ?? "")
            .Text("issuerKeyHash", 128, Need.Required, (m, v) => m.IssuerKeyHash = v ?? "")
            .Text("serialNumber", 40, Need.Required, (m, v) => m.SerialNumber = v ?? "");
}

/// <summary>How the hashes of a certificate are made.</summary>
public static class HashAlgorithms
{
    public const string SHA256 = "SHA256";
    public const string SHA384 = "SHA384";
    public const string SHA512 = "SHA512";

    public static WordSet Words { get; } = new(SHA256, SHA384, SHA512);
}

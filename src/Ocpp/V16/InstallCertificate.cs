using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>Gives a charger a root certificate to trust.</summary>
public sealed record InstallCertificateRequest : IPayload<InstallCertificateRequest>
{
    /// <summary>One of <see cref="CertificateUses"/>.</summary>
    public required string CertificateType { get; set; }

    /// <summary>PEM.</summary>
    public required string Certificate { get; set; }

    static Shape<InstallCertificateRequest> IPayload<InstallCertificateRequest>.Shape { get; } =
        new Shape<InstallCertificateRequest>(() => new() { CertificateType = "", Certificate = "" })
            .Word("certificateType", CertificateUses.Words, Need.Required, (m, v) => m.CertificateType = v ?? "")
            .Text("certificate", 5500, Need.Required, (m, v) => m.Certificate = v ?? "");
}

/// <summary>Whether the charger took it.</summary>
public sealed record InstallCertificateResponse : IPayload<InstallCertificateResponse>
{
    /// <summary>One of <see cref="CertificateStatuses"/>.</summary>
    public required string Status { get; set; }

    static Shape<InstallCertificateResponse> IPayload<InstallCertificateResponse>.Shape { get; } =
        new Shape<InstallCertificateResponse>(() => new() { Status = "" })
            .Word("status", CertificateStatuses.Words, Need.Required, (m, v) => m.Status = v ?? "");
}

/// <summary>What a root certificate is trusted for.</summary>
public static class CertificateUses
{
    public const string CentralSystemRootCertificate = "CentralSystemRootCertificate";

    /// <summary>For the signatures of firmware.</summary>
    public const string ManufacturerRootCertificate = "ManufacturerRootCertificate";

    public static WordSet Words { get; } = new(CentralSystemRootCertificate, ManufacturerRootCertificate);
}

/// <summary>How a root certificate is answered.</summary>
public static class CertificateStatuses
{
    public const string Accepted = "Accepted";

    /// <summary>A proper certificate that could not be installed.</summary>
    public const string Failed = "Failed";

    /// <summary>No proper certificate.</summary>
    public const string Rejected = "Rejected";

    public static WordSet Words { get; } = new(Accepted, Failed, Rejected);
}

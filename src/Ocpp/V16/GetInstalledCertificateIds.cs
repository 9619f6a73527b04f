using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>Asks a charger which root certificates it trusts.</summary>
public sealed record GetInstalledCertificateIdsRequest : IPayload<GetInstalledCertificateIdsRequest>
{
    /// <summary>One of <see cref="CertificateUses"/>.</summary>
    public required string CertificateType { get; set; }

    static Shape<GetInstalledCertificateIdsRequest> IPayload<GetInstalledCertificateIdsRequest>.Shape { get; } =
        new Shape<GetInstalledCertificateIdsRequest>(() => new() { CertificateType = "" })
            .Word("certificateType", CertificateUses.Words, Need.Required, (m, v) => m.CertificateType = v ?? "");
}

/// <summary>The certificates.</summary>
public sealed record GetInstalledCertificateIdsResponse : IPayload<GetInstalledCertificateIdsResponse>
{
    public CertificateHash[]? CertificateHashData { get; set; }

    /// <summary>One of <see cref="InstalledCertificateStatuses"/>.</summary>
    public required string Status { get; set; }

    static Shape<GetInstalledCertificateIdsResponse> IPayload<GetInstalledCertificateIdsResponse>.Shape { get; } =
        new Shape<GetInstalledCertificateIdsResponse>(() => new() { Status = "" })
            .Many<CertificateHash>("certificateHashData", Need.Optional, (m, v) => m.CertificateHashData = v)
            .Word("status", InstalledCertificateStatuses.Words, Need.Required, (m, v) => m.Status = v ?? "");
}

/// <summary>Whether there are any.</summary>
public static class InstalledCertificateStatuses
{
    public const string Accepted = "Accepted";

    /// <summary>None of that type.</summary>
    public const string NotFound = "NotFound";

    public static WordSet Words { get; } = new(Accepted, NotFound);
}

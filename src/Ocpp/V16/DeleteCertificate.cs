using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>Asks a charger to trust a certificate no more.</summary>
public sealed record DeleteCertificateRequest : IPayload<DeleteCertificateRequest>
{
    public required CertificateHash CertificateHashData { get; set; }

    static Shape<DeleteCertificateRequest> IPayload<DeleteCertificateRequest>.Shape { get; } =
        new Shape<DeleteCertificateRequest>(() => new() { CertificateHashData = CertificateHash.Unknown })
            .One<CertificateHash>("certificateHashData", Need.Required, (m, v) => m.CertificateHashData = v ?? CertificateHash.Unknown);
}

/// <summary>Whether the charger did.</summary>
public sealed record DeleteCertificateResponse : IPayload<DeleteCertificateResponse>
{
    /// <summary>One of <see cref="DeleteCertificateStatuses"/>.</summary>
    public required string Status { get; set; }

    static Shape<DeleteCertificateResponse> IPayload<DeleteCertificateResponse>.Shape { get; } =
        new Shape<DeleteCertificateResponse>(() => new() { Status = "" })
            .Word("status", DeleteCertificateStatuses.Words, Need.Required, (m, v) => m.Status = v ?? "");
}

/// <summary>How the deletion of a certificate is answered.</summary>
public static class DeleteCertificateStatuses
{
    public const string Accepted = "Accepted";
    public const string Failed = "Failed";
    public const string NotFound = "NotFound";

    public static WordSet Words { get; } = new(Accepted, Failed, NotFound);
}

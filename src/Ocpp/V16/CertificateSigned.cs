using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>Gives a charger the certificate it asked for.</summary>
public sealed record CertificateSignedRequest : IPayload<CertificateSignedRequest>
{
    /// <summary>PEM, the charger's own first.</summary>
    public required string CertificateChain { get; set; }

    static Shape<CertificateSignedRequest> IPayload<CertificateSignedRequest>.Shape { get; } =
        new Shape<CertificateSignedRequest>(() => new() { CertificateChain = "" })
            .Text("certificateChain", 10000, Need.Required, (m, v) => m.CertificateChain = v ?? "");
}

/// <summary>Whether the charger took it.</summary>
public sealed record CertificateSignedResponse : IPayload<CertificateSignedResponse>
{
    /// <summary>One of <see cref="GenericStatuses"/>.</summary>
    public required string Status { get; set; }

    static Shape<CertificateSignedResponse> IPayload<CertificateSignedResponse>.Shape { get; } =
        new Shape<CertificateSignedResponse>(() => new() { Status = "" })
            .Word("status", GenericStatuses.Words, Need.Required, (m, v) => m.Status = v ?? "");
}

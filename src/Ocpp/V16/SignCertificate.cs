using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>A charger wants a certificate for its key.</summary>
public sealed record SignCertificateRequest : IPayload<SignCertificateRequest>
{
    /// <summary>The signing request, PEM.</summary>
    public string? Csr { get; set; }

    static Shape<SignCertificateRequest> IPayload<SignCertificateRequest>.Shape { get; } = new Shape<SignCertificateRequest>(() => new())
        .Text("csr", 5500, Need.Required, (m, v) => m.Csr = v);
}

/// <summary>Whether the request will be worked on.</summary>
public sealed record SignCertificateResponse : IPayload<SignCertificateResponse>
{
    /// <summary>One of <see cref="GenericStatuses"/>.</summary>
    public required string Status { get; set; }

    static Shape<SignCertificateResponse> IPayload<SignCertificateResponse>.Shape { get; } =
        new Shape<SignCertificateResponse>(() => new() { Status = "" })
            .Word("status", GenericStatuses.Words, Need.Required, (m, v) => m.Status = v ?? "");
}

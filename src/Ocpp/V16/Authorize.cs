using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>May this tag charge?</summary>
public sealed record AuthorizeRequest : IPayload<AuthorizeRequest>
{
    public string? IdTag { get; set; }

    static Shape<AuthorizeRequest> IPayload<AuthorizeRequest>.Shape { get; } = new Shape<AuthorizeRequest>(() => new())
        .Text("idTag", 20, Need.Required, (m, v) => m.IdTag = v);
}

/// <summary>What the tag may do.</summary>
public sealed record AuthorizeResponse : IPayload<AuthorizeResponse>
{
    public required IdTagInfo IdTagInfo { get; set; }

    static Shape<AuthorizeResponse> IPayload<AuthorizeResponse>.Shape { get; } =
        new Shape<AuthorizeResponse>(() => new() { IdTagInfo = IdTagInfo.Unknown })
            .One<IdTagInfo>("idTagInfo", Need.Required, (m, v) => m.IdTagInfo = v ?? IdTagInfo.Unknown);
}

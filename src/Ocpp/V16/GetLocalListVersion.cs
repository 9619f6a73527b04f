using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>Asks a charger which local list it has.</summary>
public sealed record GetLocalListVersionRequest : IPayload<GetLocalListVersionRequest>
{
    static Shape<GetLocalListVersionRequest> IPayload<GetLocalListVersionRequest>.Shape { get; } = new(() => new());
}

/// <summary>The version of the list.</summary>
public sealed record GetLocalListVersionResponse : IPayload<GetLocalListVersionResponse>
{
    /// <summary>0 for an empty list, -1 when the charger has none.</summary>
    public required int ListVersion { get; set; }

    static Shape<GetLocalListVersionResponse> IPayload<GetLocalListVersionResponse>.Shape { get; } =
        new Shape<GetLocalListVersionResponse>(() => new() { ListVersion = 0 })
            .Whole("listVersion", Need.Required, (m, v) => m.ListVersion = v ?? 0);
}

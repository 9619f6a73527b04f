using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>Asks a charger to forget the tags it remembers.</summary>
public sealed record ClearCacheRequest : IPayload<ClearCacheRequest>
{
    static Shape<ClearCacheRequest> IPayload<ClearCacheRequest>.Shape { get; } = new(() => new());
}

/// <summary>Whether the charger did.</summary>
public sealed record ClearCacheResponse : IPayload<ClearCacheResponse>
{
    /// <summary>One of <see cref="GenericStatuses"/>.</summary>
    public required string Status { get; set; }

    static Shape<ClearCacheResponse> IPayload<ClearCacheResponse>.Shape { get; } = new Shape<ClearCacheResponse>(() => new() { Status = "" })
        .Word("status", GenericStatuses.Words, Need.Required, (m, v) => m.Status = v ?? "");
}

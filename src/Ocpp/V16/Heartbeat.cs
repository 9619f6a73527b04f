using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>A sign of life that asks for the time.</summary>
public sealed record HeartbeatRequest : IPayload<HeartbeatRequest>
{
    static Shape<HeartbeatRequest> IPayload<HeartbeatRequest>.Shape { get; } = new(() => new());
}

/// <summary>The time.</summary>
public sealed record HeartbeatResponse : IPayload<HeartbeatResponse>
{
    public required DateTimeOffset CurrentTime { get; set; }

    static Shape<HeartbeatResponse> IPayload<HeartbeatResponse>.Shape { get; } =
        new Shape<HeartbeatResponse>(() => new() { CurrentTime = default })
            .Time("currentTime", Need.Required, (m, v) => m.CurrentTime = v ?? default);
}

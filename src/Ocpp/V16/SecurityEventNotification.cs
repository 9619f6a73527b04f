using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>Something that bears on the charger's security.</summary>
public sealed record SecurityEventNotificationRequest : IPayload<SecurityEventNotificationRequest>
{
    public string? Type { get; set; }

    public DateTimeOffset? Timestamp { get; set; }

    public string? TechInfo { get; set; }

    static Shape<SecurityEventNotificationRequest> IPayload<SecurityEventNotificationRequest>.Shape { get; } =
        new Shape<SecurityEventNotificationRequest>(() => new())
            .Text("type", 50, Need.Required, (m, v) => m.Type = v)
            .Time("timestamp", Need.Required, (m, v) => m.Timestamp = v)
            .Text("techInfo", 255, Need.Optional, (m, v) => m.TechInfo = v);
}

/// <summary>Nothing but the answer itself.</summary>
public sealed record SecurityEventNotificationResponse : IPayload<SecurityEventNotificationResponse>
{
    static Shape<SecurityEventNotificationResponse> IPayload<SecurityEventNotificationResponse>.Shape { get; } = new(() => new());
}

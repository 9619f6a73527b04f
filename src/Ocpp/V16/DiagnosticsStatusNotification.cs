using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>How an upload of diagnostics goes.</summary>
public sealed record DiagnosticsStatusNotificationRequest : IPayload<DiagnosticsStatusNotificationRequest>
{
    /// <summary>One of <see cref="DiagnosticsStatuses"/>, or what the charger sent.</summary>
    public string? Status { get; set; }

    static Shape<DiagnosticsStatusNotificationRequest> IPayload<DiagnosticsStatusNotificationRequest>.Shape { get; } =
        new Shape<DiagnosticsStatusNotificationRequest>(() => new())
            .Word("status", DiagnosticsStatuses.Words, Need.Required, (m, v) => m.Status = v);
}

/// <summary>Nothing but the answer itself.</summary>
public sealed record DiagnosticsStatusNotificationResponse : IPayload<DiagnosticsStatusNotificationResponse>
{
    static Shape<DiagnosticsStatusNotificationResponse> IPayload<DiagnosticsStatusNotificationResponse>.Shape { get; } = new(() => new());
}

/// <summary>How far an upload of diagnostics is.</summary>
public static class DiagnosticsStatuses
{
    public const string Idle = "Idle";
    public const string Uploaded = "Uploaded";
    public const string UploadFailed = "UploadFailed";
    public const string Uploading = "Uploading";

    public static WordSet Words { get; } =
        new(Idle, Uploaded, UploadFailed, Uploading);
}

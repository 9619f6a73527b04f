using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>How an upload of a log goes.</summary>
public sealed record LogStatusNotificationRequest : IPayload<LogStatusNotificationRequest>
{
    /// <summary>One of <see cref="UploadLogStatuses"/>, or what the charger sent.</summary>
    public string? Status { get; set; }

    /// <summary>Of the request that started it.</summary>
    public int? RequestId { get; set; }

    static Shape<LogStatusNotificationRequest> IPayload<LogStatusNotificationRequest>.Shape { get; } =
        new Shape<LogStatusNotificationRequest>(() => new())
            .Word("status", UploadLogStatuses.Words, Need.Required, (m, v) => m.Status = v)
            .Whole("requestId", Need.Optional, (m, v) => m.RequestId = v);
}

/// <summary>Nothing but the answer itself.</summary>
public sealed record LogStatusNotificationResponse : IPayload<LogStatusNotificationResponse>
{
    static Shape<LogStatusNotificationResponse> IPayload<LogStatusNotificationResponse>.Shape { get; } = new(() => new());
}

/// <summary>How far an upload of a log is.</summary>
public static class UploadLogStatuses
{
    public const string BadMessage = "BadMessage";
    public const string Idle = "Idle";
    public const string NotSupportedOperation = "NotSupportedOperation";
    public const string PermissionDenied = "PermissionDenied";
    public const string Uploaded = "Uploaded";
    public const string UploadFailure = "UploadFailure";
    public const string Uploading = "Uploading";

    public static WordSet Words { get; } =
        new(BadMessage, Idle, NotSupportedOperation, PermissionDenied, Uploaded, UploadFailure, Uploading);
}

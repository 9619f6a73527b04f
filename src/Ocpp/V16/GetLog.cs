using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>Asks a charger to upload a log.</summary>
public sealed record GetLogRequest : IPayload<GetLogRequest>
{
    public required LogLocation Log { get; set; }

    /// <summary>One of <see cref="LogTypes"/>.</summary>
    public required string LogType { get; set; }

    /// <summary>Named again by LogStatusNotification.</summary>
    public required int RequestId { get; set; }

    public int? Retries { get; set; }

    /// <summary>Seconds.</summary>
    public int? RetryInterval { get; set; }

    static Shape<GetLogRequest> IPayload<GetLogRequest>.Shape { get; } =
        new Shape<GetLogRequest>(() => new() { Log = LogLocation.Unknown, LogType = "", RequestId = 0 })
            .One<LogLocation>("log", Need.Required, (m, v) => m.Log = v ?? LogLocation.Unknown)
            .Word("logType", LogTypes.Words, Need.Required, (m, v) => m.LogType = v ?? "")
            .Whole("requestId", Need.Required, (m, v) => m.RequestId = v ?? 0)
            .Whole("retries", Need.Optional, (m, v) => m.Retries = v, min: 0)
            .Whole("retryInterval", Need.Optional, (m, v) => m.RetryInterval = v, min: 0);
}

/// <summary>Where a log goes, and how much of it.</summary>
public sealed record LogLocation : IPayload<LogLocation>
{
    // Stands in while a message is read; one without the member is a violation and never seen.
    internal static LogLocation Unknown => new() { RemoteLocation = "" };

    public required string RemoteLocation { get; set; }

    public DateTimeOffset? OldestTimestamp { get; set; }

    public DateTimeOffset? LatestTimestamp { get; set; }

    static Shape<LogLocation> IPayload<LogLocation>.Shape { get; } = new Shape<LogLocation>(() => Unknown)
        .Uri("remoteLocation", 512, Need.Required, (m, v) => m.RemoteLocation = v ?? "")
        .Time("oldestTimestamp", Need.Optional, (m, v) => m.OldestTimestamp = v)
        .Time("latestTimestamp", Need.Optional, (m, v) => m.LatestTimestamp = v);
}

/// <summary>Whether the charger will.</summary>
public sealed record GetLogResponse : IPayload<GetLogResponse>
{
    /// <summary>One of <see cref="LogStatuses"/>.</summary>
    public required string Status { get; set; }

    public string? Filename { get; set; }

    static Shape<GetLogResponse> IPayload<GetLogResponse>.Shape { get; } = new Shape<GetLogResponse>(() => new() { Status = "" })
        .Word("status", LogStatuses.Words, Need.Required, (m, v) => m.Status = v ?? "")
        .Text("filename", 255, Need.Optional, (m, v) => m.Filename = v);
}

/// <summary>The logs of a charger.</summary>
public static class LogTypes
{
    public const string DiagnosticsLog = "DiagnosticsLog";
    public const string SecurityLog = "SecurityLog";

    public static WordSet Words { get; } = new(DiagnosticsLog, SecurityLog);
}

/// <summary>How GetLog is answered.</summary>
public static class LogStatuses
{
    public const string Accepted = "Accepted";
    public const string Rejected = "Rejected";

    /// <summary>Accepted, and an upload that was under way has been given up for it.</summary>
    public const string AcceptedCanceled = "AcceptedCanceled";

    public static WordSet Words { get; } = new(Accepted, Rejected, AcceptedCanceled);
}

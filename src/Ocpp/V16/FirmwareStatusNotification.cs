using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>How a firmware update goes.</summary>
public sealed record FirmwareStatusNotificationRequest : IPayload<FirmwareStatusNotificationRequest>
{
    /// <summary>One of <see cref="FirmwareStatuses"/>, or what the charger sent.</summary>
    public string? Status { get; set; }

    static Shape<FirmwareStatusNotificationRequest> IPayload<FirmwareStatusNotificationRequest>.Shape { get; } =
        new Shape<FirmwareStatusNotificationRequest>(() => new())
            .Word("status", FirmwareStatuses.Words, Need.Required, (m, v) => m.Status = v);
}

/// <summary>Nothing but the answer itself.</summary>
public sealed record FirmwareStatusNotificationResponse : IPayload<FirmwareStatusNotificationResponse>
{
    static Shape<FirmwareStatusNotificationResponse> IPayload<FirmwareStatusNotificationResponse>.Shape { get; } = new(() => new());
}

/// <summary>How far a firmware update is.</summary>
public static class FirmwareStatuses
{
    public const string Downloaded = "Downloaded";
    public const string DownloadFailed = "DownloadFailed";
    public const string Downloading = "Downloading";
    public const string Idle = "Idle";
    public const string InstallationFailed = "InstallationFailed";
    public const string Installing = "Installing";
    public const string Installed = "Installed";

    public static WordSet Words { get; } =
        new(Downloaded, DownloadFailed, Downloading, Idle, InstallationFailed, Installing, Installed);
}

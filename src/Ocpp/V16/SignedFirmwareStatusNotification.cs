using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>How a signed firmware update goes.</summary>
public sealed record SignedFirmwareStatusNotificationRequest : IPayload<SignedFirmwareStatusNotificationRequest>
{
    /// <summary>One of <see cref="SignedFirmwareStatuses"/>, or what the charger sent.</summary>
    public string? Status { get; set; }

    /// <summary>Of the request that started it.</summary>
    public int? RequestId { get; set; }

    static Shape<SignedFirmwareStatusNotificationRequest> IPayload<SignedFirmwareStatusNotificationRequest>.Shape { get; } =
        new Shape<SignedFirmwareStatusNotificationRequest>(() => new())
            .Word("status", SignedFirmwareStatuses.Words, Need.Required, (m, v) => m.Status = v)
            .Whole("requestId", Need.Optional, (m, v) => m.RequestId = v);
}

/// <summary>Nothing but the answer itself.</summary>
public sealed record SignedFirmwareStatusNotificationResponse : IPayload<SignedFirmwareStatusNotificationResponse>
{
    static Shape<SignedFirmwareStatusNotificationResponse> IPayload<SignedFirmwareStatusNotificationResponse>.Shape { get; } = new(() => new());
}

/// <summary>How far a signed firmware update is.</summary>
public static class SignedFirmwareStatuses
{
    public const string Downloaded = "Downloaded";
    public const string DownloadFailed = "DownloadFailed";
    public const string Downloading = "Downloading";
    public const string DownloadScheduled = "DownloadScheduled";
    public const string DownloadPaused = "DownloadPaused";
    public const string Idle = "Idle";
    public const string InstallationFailed = "InstallationFailed";
    public const string Installing = "Installing";
    public const string Installed = "Installed";
    public const string InstallRebooting = "InstallRebooting";
    public const string InstallScheduled = "InstallScheduled";
    public const string InstallVerificationFailed = "InstallVerificationFailed";
    public const string InvalidSignature = "InvalidSignature";
    public const string SignatureVerified = "SignatureVerified";

    public static WordSet Words { get; } =
        new(Downloaded, DownloadFailed, Downloading, DownloadScheduled, DownloadPaused, Idle, InstallationFailed, Installing, Installed, InstallRebooting, InstallScheduled, InstallVerificationFailed, InvalidSignature, SignatureVerified);
}

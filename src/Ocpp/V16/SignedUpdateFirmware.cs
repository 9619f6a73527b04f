using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>Asks a charger to fetch signed firmware and install it.</summary>
public sealed record SignedUpdateFirmwareRequest : IPayload<SignedUpdateFirmwareRequest>
{
    public int? Retries { get; set; }

    /// <summary>Seconds.</summary>
    public int? RetryInterval { get; set; }

    /// <summary>Named again by SignedFirmwareStatusNotification.</summary>
    public required int RequestId { get; set; }

    public required SignedFirmware Firmware { get; set; }

    static Shape<SignedUpdateFirmwareRequest> IPayload<SignedUpdateFirmwareRequest>.Shape { get; } =
        new Shape<SignedUpdateFirmwareRequest>(() => new() { RequestId = 0, Firmware = SignedFirmware.Unknown })
            .Whole("retries", Need.Optional, (m, v) => m.Retries = v, min: 0)
            .Whole("retryInterval", Need.Optional, (m, v) => m.RetryInterval = v, min: 0)
            .Whole("requestId", Need.Required, (m, v) => m.RequestId = v ?? 0)
            .One<SignedFirmware>("firmware", Need.Required, (m, v) => m.Firmware = v ?? SignedFirmware.Unknown);
}

/// <summary>Firmware, and what proves where it is from.</summary>
public sealed record SignedFirmware : IPayload<SignedFirmware>
{
    // Stands in while a message is read; one without the member is a violation and never seen.
    internal static SignedFirmware Unknown => new() { Location = "", RetrieveDateTime = default, SigningCertificate = "", Signature = "" };

    public required string Location { get; set; }

    /// <summary>Not to be fetched before.</summary>
    public required DateTimeOffset RetrieveDateTime { get; set; }

    /// <summary>Not to be installed before.</summary>
    public DateTimeOffset? InstallDateTime { get; set; }

    /// <summary>PEM.</summary>
    public required string SigningCertificate { get; set; }

    /// <summary>Base64.</summary>
    public required string Signature { get; set; }

    static Shape<SignedFirmware> IPayload<SignedFirmware>.Shape { get; } =
        new Shape<SignedFirmware>(() => Unknown)
            .Uri("location", 512, Need.Required, (m, v) => m.Location = v ?? "")
            .Time("retrieveDateTime", Need.Required, (m, v) => m.RetrieveDateTime = v ?? default)
            .Time("installDateTime", Need.Optional, (m, v) => m.InstallDateTime = v)
            .Text("signingCertificate", 5500, Need.Required, (m, v) => m.SigningCertificate = v ?? "")
            .Text("signature", 800, Need.Required, (m, v) => m.Signature = v ?? "");
}

/// <summary>Whether the charger will.</summary>
public sealed record SignedUpdateFirmwareResponse : IPayload<SignedUpdateFirmwareResponse>
{
    /// <summary>One of <see cref="UpdateFirmwareStatuses"/>.</summary>
    public required string Status { get; set; }

    static Shape<SignedUpdateFirmwareResponse> IPayload<SignedUpdateFirmwareResponse>.Shape { get; } =
        new Shape<SignedUpdateFirmwareResponse>(() => new() { Status = "" })
            .Word("status", UpdateFirmwareStatuses.Words, Need.Required, (m, v) => m.Status = v ?? "");
}

/// <summary>How SignedUpdateFirmware is answered.</summary>
public static class UpdateFirmwareStatuses
{
    public const string Accepted = "Accepted";
    public const string Rejected = "Rejected";

    /// <summary>Accepted, and an update that was under way has been given up for it.</summary>
    public const string AcceptedCanceled = "AcceptedCanceled";

    public const string InvalidCertificate = "InvalidCertificate";
    public const string RevokedCertificate = "RevokedCertificate";

    public static WordSet Words { get; } = new(Accepted, Rejected, AcceptedCanceled, InvalidCertificate, RevokedCertificate);
}

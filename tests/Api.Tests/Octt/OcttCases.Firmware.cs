using Capacitor.Ocpp.V16;

namespace Capacitor.Api.Tests.Octt;

/// <summary>Firmware, diagnostics and logs.</summary>
internal static partial class OcttCases
{
    private const string Location = "https://files.example.com/one";

    private static async Task FirmwareAsync(OcttStation station, string end)
    {
        await station.BeginAsync();
        await UpdateAsync(station);
        await FirmwareStatusAsync(station, "Downloading", "Downloaded");
        await station.StatusOfAllAsync(ConnectorStatuses.Unavailable);
        await FirmwareStatusAsync(station, "Installing");
        await station.ConnectAsync();
        await station.BootAsync();
        await FirmwareStatusAsync(station, end);
    }

    private static async Task FirmwareNotFetchedAsync(OcttStation station)
    {
        await station.BeginAsync();
        await UpdateAsync(station);
        await FirmwareStatusAsync(station, "Downloading", "DownloadFailed");
    }

    private static async Task DiagnosticsAsync(OcttStation station, string end)
    {
        await station.BeginAsync();
        var (_, told) = await station.CommandAsync(
            "diagnostics",
            new { location = Location, retries = 1, retryInterval = 60, startTime = "2025-01-31T10:00:00Z", stopTime = "2025-01-31T12:00:00Z" },
            "GetDiagnostics", """{"fileName":"diagnostics.zip"}""");
        Expect("the file's name that the API tells", "diagnostics.zip", told.GetProperty("fileName").GetString());
        await station.SendAsync<DiagnosticsStatusNotificationResponse>("DiagnosticsStatusNotification", new { status = "Uploading" });
        await station.SendAsync<DiagnosticsStatusNotificationResponse>("DiagnosticsStatusNotification", new { status = end });
    }

    private static async Task SecurityLogAsync(OcttStation station)
    {
        await station.BeginAsync();
        var (call, told) = await station.CommandAsync(
            "log", new { logType = "SecurityLog", requestId = 7, log = new { remoteLocation = Location }, retries = 1, retryInterval = 60 },
            "GetLog", """{"status":"Accepted","filename":"security.log"}""");
        Expect("the log that is asked for", "SecurityLog", call.GetProperty("logType").GetString());
        Expect("the file's name that the API tells", "security.log", told.GetProperty("filename").GetString());
        foreach (var status in (string[])["Uploading", "Uploaded"])
        {
            await station.SendAsync<LogStatusNotificationResponse>("LogStatusNotification", new { status, requestId = 7 });
        }
    }

    private static async Task SignedFirmwareAsync(OcttStation station)
    {
        await station.BeginAsync();
        await SignedUpdateAsync(station);
        await SignedFirmwareStatusAsync(station, "Downloading", "Downloaded", "SignatureVerified");
        await station.StatusAsync(ConnectorStatuses.Unavailable, 0);
        await SignedFirmwareStatusAsync(station, "Installing", "InstallRebooting");
        await station.ConnectAsync();
        await station.BootAsync();
        await SecurityEventAsync(station, "FirmwareUpdated");
        await SignedFirmwareStatusAsync(station, "Installed");
    }

    private static async Task BadSignatureAsync(OcttStation station)
    {
        await station.BeginAsync();
        await SignedUpdateAsync(station);
        await SignedFirmwareStatusAsync(station, "Downloading", "Downloaded", "InvalidSignature");
        await SecurityEventAsync(station, "InvalidFirmwareSignature");
    }

    private static async Task UpdateAsync(OcttStation station) => await station.CommandAsync(
        "firmware/update", new { location = Location, retrieveDate = "2025-01-31T12:00:00Z", retries = 1, retryInterval = 60 }, "UpdateFirmware", "{}");

    private static async Task SignedUpdateAsync(OcttStation station)
    {
        var (call, _) = await station.CommandAsync(
            "firmware/update-signed",
            new
            {
                requestId = 7, retries = 1, retryInterval = 60,
                firmware = new
                {
                    location = Location, retrieveDateTime = "2025-01-31T12:00:00Z", installDateTime = "2025-01-31T13:00:00Z",
                    signingCertificate = station.Authority.Pem, signature = "c2lnbmF0dXJl",
                },
            },
            "SignedUpdateFirmware");
        Expect("the certificate that was sent", station.Authority.Pem, call.GetProperty("firmware").GetProperty("signingCertificate").GetString());
    }

    private static async Task FirmwareStatusAsync(OcttStation station, params string[] statuses)
    {
        foreach (var status in statuses)
        {
            await station.SendAsync<FirmwareStatusNotificationResponse>("FirmwareStatusNotification", new { status });
        }
    }

    private static async Task SignedFirmwareStatusAsync(OcttStation station, params string[] statuses)
    {
        foreach (var status in statuses)
        {
            await station.SendAsync<SignedFirmwareStatusNotificationResponse>("SignedFirmwareStatusNotification", new { status, requestId = 7 });
        }
    }
}

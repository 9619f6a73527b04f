using Capacitor.Chargers;
using Capacitor.Events;

namespace Capacitor.Grains.Chargers;

/// <summary>What a charger reports of itself besides the status of its connectors.</summary>
internal sealed partial class ChargerState
{
    /// <summary>Every one is news: two that look alike are two.</summary>
    public void Report(SecurityReport report, DateTimeOffset now) => Emit(
        EventTypes.SecurityEventReported, now,
        EventBody.SecurityEvent(Registered().ChargeBoxId, report, ChargerClock.Resolve(report.Timestamp, now), now));

    /// <summary>How a firmware update goes. Chargers repeat themselves until they are answered: an equal one in a row is no news.</summary>
    public void ReportFirmware(ProgressReport report, DateTimeOffset now)
    {
        if (report != Told.Firmware)
        {
            Told = Told with { Firmware = report };
            Emit(EventTypes.FirmwareStatusChanged, now, EventBody.Progress(EventTypes.FirmwareStatusChanged, Registered().ChargeBoxId, report, now));
        }
    }

    /// <summary>How an upload of diagnostics or of a log goes. An equal one in a row is no news.</summary>
    public void ReportDiagnostics(ProgressReport report, DateTimeOffset now)
    {
        if (report != Told.Diagnostics)
        {
            Told = Told with { Diagnostics = report };
            Emit(EventTypes.DiagnosticsStatusChanged, now, EventBody.Progress(EventTypes.DiagnosticsStatusChanged, Registered().ChargeBoxId, report, now));
        }
    }

    public void Receive(VendorData data, DateTimeOffset now) =>
        Emit(EventTypes.ChargerDataReceived, now, EventBody.DataReceived(Registered().ChargeBoxId, data, now));

    public void RequestCertificate(string csr, DateTimeOffset now) =>
        Emit(EventTypes.ChargerCertificateRequested, now, EventBody.CertificateRequested(Registered().ChargeBoxId, csr, now));

    /// <summary>Tells of a handshake that was refused, and of how many before went untold.</summary>
    public void Reject(AdmissionRefusal refusal, int suppressed, DateTimeOffset now) =>
        Emit(EventTypes.ChargerConnectionRejected, now, EventBody.ConnectionRejected(Registered().ChargeBoxId, refusal, suppressed, now));
}

using Capacitor.Chargers;
using Capacitor.Ocpp.Payloads;
using Capacitor.Ocpp.V16;

namespace Capacitor.Grains.Chargers.Ocpp16;

/// <summary>What a charger reports and asks for besides charging. All of it goes to its tenant as events.</summary>
internal sealed partial class Ocpp16Calls
{
    // Accepted: whoever listens to the tenant's events knows the vendor's messages, the server need not.
    private ChargerAnswer Receive(ChargerState state, ChargerCall call, DateTimeOffset now) => Take<DataTransferRequest>(
        state, call, now,
        request => state.Receive(new VendorData(request.VendorId ?? "", request.MessageId, request.Data), now),
        Answer(new DataTransferResponse { Status = DataTransferStatuses.Accepted }));

    // Accepted: the tenant signs it, and sends CertificateSigned when it has.
    private ChargerAnswer Sign(ChargerState state, ChargerCall call, DateTimeOffset now) => Take<SignCertificateRequest>(
        state, call, now,
        request => state.RequestCertificate(request.Csr ?? "", now),
        Answer(new SignCertificateResponse { Status = GenericStatuses.Accepted }));

    private ChargerAnswer Security(ChargerState state, ChargerCall call, DateTimeOffset now) => Take<SecurityEventNotificationRequest>(
        state, call, now, request => state.Report(new SecurityReport(request.Type ?? "", request.TechInfo, request.Timestamp), now), Empty);

    private ChargerAnswer Firmware(ChargerState state, ChargerCall call, DateTimeOffset now) => Take<FirmwareStatusNotificationRequest>(
        state, call, now, request => state.ReportFirmware(new ProgressReport(request.Status ?? "", null), now), Empty);

    private ChargerAnswer SignedFirmware(ChargerState state, ChargerCall call, DateTimeOffset now) => Take<SignedFirmwareStatusNotificationRequest>(
        state, call, now, request => state.ReportFirmware(new ProgressReport(request.Status ?? "", request.RequestId), now), Empty);

    private ChargerAnswer Diagnostics(ChargerState state, ChargerCall call, DateTimeOffset now) => Take<DiagnosticsStatusNotificationRequest>(
        state, call, now, request => state.ReportDiagnostics(new ProgressReport(request.Status ?? "", null), now), Empty);

    private ChargerAnswer Log(ChargerState state, ChargerCall call, DateTimeOffset now) => Take<LogStatusNotificationRequest>(
        state, call, now, request => state.ReportDiagnostics(new ProgressReport(request.Status ?? "", request.RequestId), now), Empty);

    private ChargerAnswer Take<T>(ChargerState state, ChargerCall call, DateTimeOffset now, Action<T> take, ChargerAnswer answer)
        where T : class, IPayload<T>
    {
        if (!TryRead<T>(state, call, now, out var request, out var refusal))
        {
            return refusal;
        }

        take(request);
        return answer;
    }
}

using Capacitor.Chargers;
using Capacitor.Grains.IdTags;
using Capacitor.Ocpp;
using Capacitor.Ocpp.Payloads;
using Capacitor.Ocpp.V16;
using Microsoft.Extensions.Options;

namespace Capacitor.Grains.Chargers.Ocpp16;

/// <summary>Turns the CALLs of a 1.6 charger into changes of its state, and says what to answer once those are committed.</summary>
internal sealed partial class Ocpp16Calls(Ocpp16Transactions transactions, IdTagJudge tags, ChargerMetrics metrics, IOptions<ChargerOptions> options)
{
    private const int HeartbeatIntervalSeconds = 300;

    private static readonly ChargerAnswer Empty = new() { Payload = "{}"u8.ToArray() };

    public ValueTask<ChargerAnswer> HandleAsync(ChargerState state, ChargerCall call, DateTimeOffset now, RemoteStarts? remoteStarts) => call.Action switch
    {
        Ocpp16Actions.MeterValues => new(Meter(state, call, now)),
        Ocpp16Actions.StatusNotification => new(Report(state, call, now)),
        Ocpp16Actions.Heartbeat => new(Heartbeat(state, now)),
        Ocpp16Actions.StartTransaction => transactions.StartAsync(state, Forgiving<StartTransactionRequest>(state, call, now), now, remoteStarts),
        Ocpp16Actions.StopTransaction => transactions.StopAsync(state, Forgiving<StopTransactionRequest>(state, call, now), now),
        Ocpp16Actions.Authorize => AuthorizeAsync(state, call, now, remoteStarts),
        Ocpp16Actions.BootNotification => new(Boot(state, call, now)),
        Ocpp16Actions.DataTransfer => new(Receive(state, call, now)),
        Ocpp16Actions.SignCertificate => new(Sign(state, call, now)),
        Ocpp16Actions.FirmwareStatusNotification => new(Firmware(state, call, now)),
        Ocpp16Actions.DiagnosticsStatusNotification => new(Diagnostics(state, call, now)),
        Ocpp16Actions.SecurityEventNotification => new(Security(state, call, now)),
        Ocpp16Actions.LogStatusNotification => new(Log(state, call, now)),
        Ocpp16Actions.SignedFirmwareStatusNotification => new(SignedFirmware(state, call, now)),
        _ => new(Unknown(call.Action)),
    };

    private ChargerAnswer Boot(ChargerState state, ChargerCall call, DateTimeOffset now)
    {
        if (!TryRead<BootNotificationRequest>(state, call, now, out var boot, out var refusal))
        {
            return refusal;
        }

        state.Booted(
            new BootData
            {
                Vendor = boot.ChargePointVendor,
                Model = boot.ChargePointModel,
                SerialNumber = boot.ChargePointSerialNumber ?? boot.ChargeBoxSerialNumber,
                FirmwareVersion = boot.FirmwareVersion,
            },
            now);
        return Answer(new BootNotificationResponse { Status = "Accepted", CurrentTime = now, Interval = HeartbeatIntervalSeconds });
    }

    private static ChargerAnswer Heartbeat(ChargerState state, DateTimeOffset now)
    {
        state.Heartbeat(now);
        return Answer(new HeartbeatResponse { CurrentTime = now });
    }

    private ChargerAnswer Report(ChargerState state, ChargerCall call, DateTimeOffset now)
    {
        if (!TryRead<StatusNotificationRequest>(state, call, now, out var status, out var refusal))
        {
            return refusal;
        }

        var report = new StatusReport(
            status.ConnectorId ?? 0, status.Status ?? "", status.ErrorCode ?? "NoError", status.Info, status.VendorErrorCode, status.Timestamp, status.VendorId);
        var isNews = state.Report(report, now);
        state.JudgeClock(report.Timestamp, isNews, options.Value, now);
        return Empty;
    }

    private async ValueTask<ChargerAnswer> AuthorizeAsync(ChargerState state, ChargerCall call, DateTimeOffset now, RemoteStarts? remoteStarts)
    {
        if (!TryRead<AuthorizeRequest>(state, call, now, out var request, out var refusal))
        {
            return refusal;
        }

        var verdict = Ocpp16Transactions.Permit(await tags.JudgeAsync(state.Registered().Tenant, request.IdTag), request.IdTag, remoteStarts);
        state.Authorized(request.IdTag ?? "", verdict.Status, now);
        return Answer(new AuthorizeResponse { IdTagInfo = verdict });
    }

    private ChargerAnswer Meter(ChargerState state, ChargerCall call, DateTimeOffset now)
    {
        var values = Forgiving<MeterValuesRequest>(state, call, now);
        state.Meter(Ocpp16Meters.Read(values, call.Payload.Span), now);
        state.JudgeClock(values.MeterValue is [.., var last] ? last.Timestamp : null, isChange: false, options.Value, now);
        return Empty;
    }

    // A transaction message that can be read at all gets a CALLRESULT: an error would block the charger's queue for ever (OCPP 1.6 §4.8, §4.10).
    private T Forgiving<T>(ChargerState state, ChargerCall call, DateTimeOffset now)
        where T : class, IPayload<T>, new()
    {
        var reading = Ocpp16Reader.Read<T>(call.Payload.Span);
        Note(state, call, reading.Anomalies, now);
        return reading.Value ?? new T();
    }

    private bool TryRead<T>(ChargerState state, ChargerCall call, DateTimeOffset now, out T value, out ChargerAnswer refusal)
        where T : class, IPayload<T>
    {
        var reading = Ocpp16Reader.Read<T>(call.Payload.Span);
        Note(state, call, reading.Anomalies, now);
        value = reading.Value!;
        refusal = reading.Violation is { } violation ? Refuse(violation.Code, violation.Description) : Empty;
        return reading.Violation is null;
    }

    private void Note(ChargerState state, ChargerCall call, IReadOnlyList<Anomaly> anomalies, DateTimeOffset now)
    {
        for (var i = 0; i < anomalies.Count; i++)
        {
            metrics.Forgave(anomalies[i].Kind.ToString());
            state.Note(AnomalyWords.Of(anomalies[i].Kind), call.Action, anomalies[i].Path, anomalies[i].Detail, now);
        }
    }

    private static ChargerAnswer Unknown(string action) => Ocpp16Actions.ToCharger.Contains(action)
        ? Refuse(Ocpp16ErrorCodes.NotSupported, $"{action} goes from the central system to the charger only.")
        : Refuse(Ocpp16ErrorCodes.NotImplemented, $"OCPP 1.6 has no action '{action}' that a charger sends.");

    internal static ChargerAnswer Answer<T>(T response)
        where T : class, IPayload<T> => new() { Payload = Ocpp16Writer.Serialize(response) };

    private static ChargerAnswer Refuse(string code, string description) => new() { ErrorCode = code, ErrorDescription = description };
}

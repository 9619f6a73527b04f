using System.Collections.Frozen;

namespace Capacitor.Ocpp.V16;

/// <summary>Every action that a charger may be sent, to be used without knowing its types.</summary>
public static class Ocpp16Commands
{
    private static readonly FrozenDictionary<string, Ocpp16Command> ByAction;

    static Ocpp16Commands() => ByAction = All.ToFrozenDictionary(command => command.Action, StringComparer.Ordinal);

    /// <summary>One for each of <see cref="Ocpp16Actions.ToCharger"/>, in their order.</summary>
    public static IReadOnlyList<Ocpp16Command> All { get; } =
    [
        new Ocpp16Command<CancelReservationRequest, CancelReservationResponse>(Ocpp16Actions.CancelReservation,
            answer => answer.Status, GenericStatuses.Accepted),
        new Ocpp16Command<CertificateSignedRequest, CertificateSignedResponse>(Ocpp16Actions.CertificateSigned,
            answer => answer.Status, GenericStatuses.Accepted),
        new Ocpp16Command<ChangeAvailabilityRequest, ChangeAvailabilityResponse>(Ocpp16Actions.ChangeAvailability,
            answer => answer.Status, AvailabilityStatuses.Accepted, AvailabilityStatuses.Scheduled),
        new Ocpp16Command<ChangeConfigurationRequest, ChangeConfigurationResponse>(Ocpp16Actions.ChangeConfiguration,
            answer => answer.Status, ConfigurationStatuses.Accepted, ConfigurationStatuses.RebootRequired),
        new Ocpp16Command<ClearCacheRequest, ClearCacheResponse>(Ocpp16Actions.ClearCache, answer => answer.Status, GenericStatuses.Accepted),
        new Ocpp16Command<ClearChargingProfileRequest, ClearChargingProfileResponse>(Ocpp16Actions.ClearChargingProfile,
            answer => answer.Status, ClearChargingProfileStatuses.Accepted),
        new Ocpp16Command<DataTransferRequest, DataTransferResponse>(Ocpp16Actions.DataTransfer,
            answer => answer.Status, DataTransferStatuses.Accepted),
        new Ocpp16Command<DeleteCertificateRequest, DeleteCertificateResponse>(Ocpp16Actions.DeleteCertificate,
            answer => answer.Status, DeleteCertificateStatuses.Accepted),
        new Ocpp16Command<ExtendedTriggerMessageRequest, ExtendedTriggerMessageResponse>(Ocpp16Actions.ExtendedTriggerMessage,
            answer => answer.Status, TriggerStatuses.Accepted),
        new Ocpp16Command<GetCompositeScheduleRequest, GetCompositeScheduleResponse>(Ocpp16Actions.GetCompositeSchedule,
            answer => answer.Status, GenericStatuses.Accepted),
        new Ocpp16Command<GetConfigurationRequest, GetConfigurationResponse>(Ocpp16Actions.GetConfiguration, status: null),
        new Ocpp16Command<GetDiagnosticsRequest, GetDiagnosticsResponse>(Ocpp16Actions.GetDiagnostics, status: null),
        new Ocpp16Command<GetInstalledCertificateIdsRequest, GetInstalledCertificateIdsResponse>(Ocpp16Actions.GetInstalledCertificateIds,
            answer => answer.Status, InstalledCertificateStatuses.Accepted),
        new Ocpp16Command<GetLocalListVersionRequest, GetLocalListVersionResponse>(Ocpp16Actions.GetLocalListVersion, status: null),
        new Ocpp16Command<GetLogRequest, GetLogResponse>(Ocpp16Actions.GetLog,
            answer => answer.Status, LogStatuses.Accepted, LogStatuses.AcceptedCanceled),
        new Ocpp16Command<InstallCertificateRequest, InstallCertificateResponse>(Ocpp16Actions.InstallCertificate,
            answer => answer.Status, CertificateStatuses.Accepted),
        new Ocpp16Command<RemoteStartTransactionRequest, RemoteStartTransactionResponse>(Ocpp16Actions.RemoteStartTransaction,
            answer => answer.Status, GenericStatuses.Accepted),
        new Ocpp16Command<RemoteStopTransactionRequest, RemoteStopTransactionResponse>(Ocpp16Actions.RemoteStopTransaction,
            answer => answer.Status, GenericStatuses.Accepted),
        new Ocpp16Command<ReserveNowRequest, ReserveNowResponse>(Ocpp16Actions.ReserveNow, answer => answer.Status, ReservationStatuses.Accepted),
        new Ocpp16Command<ResetRequest, ResetResponse>(Ocpp16Actions.Reset, answer => answer.Status, GenericStatuses.Accepted),
        new Ocpp16Command<SendLocalListRequest, SendLocalListResponse>(Ocpp16Actions.SendLocalList, answer => answer.Status, UpdateStatuses.Accepted),
        new Ocpp16Command<SetChargingProfileRequest, SetChargingProfileResponse>(Ocpp16Actions.SetChargingProfile,
            answer => answer.Status, ChargingProfileStatuses.Accepted),
        new Ocpp16Command<SignedUpdateFirmwareRequest, SignedUpdateFirmwareResponse>(Ocpp16Actions.SignedUpdateFirmware,
            answer => answer.Status, UpdateFirmwareStatuses.Accepted, UpdateFirmwareStatuses.AcceptedCanceled),
        new Ocpp16Command<TriggerMessageRequest, TriggerMessageResponse>(Ocpp16Actions.TriggerMessage,
            answer => answer.Status, TriggerStatuses.Accepted),
        new Ocpp16Command<UnlockConnectorRequest, UnlockConnectorResponse>(Ocpp16Actions.UnlockConnector,
            answer => answer.Status, UnlockStatuses.Unlocked),
        new Ocpp16Command<UpdateFirmwareRequest, UpdateFirmwareResponse>(Ocpp16Actions.UpdateFirmware, status: null),
    ];

    /// <summary>The command of an action, spelled as in the document; null when a charger cannot be sent that.</summary>
    public static Ocpp16Command? Find(string action) => ByAction.GetValueOrDefault(action);
}

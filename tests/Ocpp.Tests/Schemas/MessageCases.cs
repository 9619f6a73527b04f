using Capacitor.Ocpp.V16;

namespace Capacitor.Ocpp.Tests.Schemas;

internal static class MessageCases
{
    private const string TagJson = """{"expiryDate":"2025-12-31T23:59:59.000Z","parentIdTag":"PARENT","status":"Accepted"}""";

    private const string MeterJson =
        """
        [{"timestamp":"2025-01-31T12:00:00.123Z","sampledValue":[{"value":"12.5","context":"Sample.Periodic","format":"Raw",
        "measurand":"Energy.Active.Import.Register","phase":"L1","location":"Outlet","unit":"kWh"}]}]
        """;

    private const string ScheduleJson =
        """
        {"duration":3600,"startSchedule":"2025-01-31T12:00:00.123Z","chargingRateUnit":"A",
        "chargingSchedulePeriod":[{"startPeriod":0,"limit":16.5,"numberPhases":3}],"minChargingRate":6.1}
        """;

    private const string ProfileJson =
        $$"""
        {"chargingProfileId":1,"transactionId":7,"stackLevel":0,"chargingProfilePurpose":"TxProfile","chargingProfileKind":"Recurring",
        "recurrencyKind":"Daily","validFrom":"2025-01-31T12:00:00.123Z","validTo":"2025-01-31T12:00:00.123Z","chargingSchedule":{{ScheduleJson}}}
        """;

    private const string HashJson = """{"hashAlgorithm":"SHA256","issuerNameHash":"0a1b","issuerKeyHash":"2c3d","serialNumber":"4e5f"}""";

    private static readonly DateTimeOffset Noon = new(2025, 1, 31, 12, 0, 0, 123, TimeSpan.Zero);

    private static readonly IdTagInfo Tag = new()
    {
        Status = AuthorizationStatuses.Accepted,
        ParentIdTag = "PARENT",
        ExpiryDate = new DateTimeOffset(2026, 1, 1, 0, 59, 59, TimeSpan.FromHours(1)),
    };

    private static readonly MeterValue[] Meter =
    [
        new()
        {
            Timestamp = Noon,
            SampledValue =
            [
                new()
                {
                    Value = "12.5",
                    Context = ReadingContexts.SamplePeriodic,
                    Format = SampleFormats.Raw,
                    Measurand = Measurands.EnergyActiveImportRegister,
                    Phase = Phases.L1,
                    Location = SampleLocations.Outlet,
                    Unit = Units.KWh,
                },
            ],
        },
    ];

    private static readonly ChargingSchedule Schedule = new()
    {
        Duration = 3600,
        StartSchedule = Noon,
        ChargingRateUnit = ChargingRateUnits.A,
        ChargingSchedulePeriod = [new() { StartPeriod = 0, Limit = 16.5m, NumberPhases = 3 }],
        MinChargingRate = 6.1m,
    };

    private static readonly ChargingProfile Profile = new()
    {
        ChargingProfileId = 1,
        TransactionId = 7,
        StackLevel = 0,
        ChargingProfilePurpose = ChargingProfilePurposes.TxProfile,
        ChargingProfileKind = ChargingProfileKinds.Recurring,
        RecurrencyKind = RecurrencyKinds.Daily,
        ValidFrom = Noon,
        ValidTo = Noon,
        ChargingSchedule = Schedule,
    };

    private static readonly CertificateHash Hash =
        new() { HashAlgorithm = HashAlgorithms.SHA256, IssuerNameHash = "0a1b", IssuerKeyHash = "2c3d", SerialNumber = "4e5f" };

    public static IReadOnlyList<MessageCase> All { get; } =
    [
        new MessageCase<AuthorizeRequest>("Authorize", """{"idTag":"04A1B2C3"}""", new() { IdTag = "04A1B2C3" }),
        new MessageCase<AuthorizeResponse>("AuthorizeResponse", $$"""{"idTagInfo":{{TagJson}}}""", new() { IdTagInfo = Tag }),
        new MessageCase<BootNotificationRequest>(
            "BootNotification",
            """
            {"chargePointVendor":"Vendor","chargePointModel":"Model","chargePointSerialNumber":"CP-1","chargeBoxSerialNumber":"CB-1","firmwareVersion":"1.2.3",
            "iccid":"8944","imsi":"262","meterType":"MT","meterSerialNumber":"M-1"}
            """,
            new()
            {
                ChargePointVendor = "Vendor",
                ChargePointModel = "Model",
                ChargePointSerialNumber = "CP-1",
                ChargeBoxSerialNumber = "CB-1",
                FirmwareVersion = "1.2.3",
                Iccid = "8944",
                Imsi = "262",
                MeterType = "MT",
                MeterSerialNumber = "M-1",
            }),
        new MessageCase<BootNotificationResponse>(
            "BootNotificationResponse",
            """{"status":"Accepted","currentTime":"2025-01-31T12:00:00.123Z","interval":300}""",
            new() { Status = RegistrationStatuses.Accepted, CurrentTime = Noon, Interval = 300 }),
        new MessageCase<CancelReservationRequest>("CancelReservation", """{"reservationId":3}""", new() { ReservationId = 3 }),
        new MessageCase<CancelReservationResponse>(
            "CancelReservationResponse", """{"status":"Accepted"}""", new() { Status = GenericStatuses.Accepted }),
        new MessageCase<CertificateSignedRequest>(
            "CertificateSigned", """{"certificateChain":"-----BEGIN"}""", new() { CertificateChain = "-----BEGIN" }),
        new MessageCase<CertificateSignedResponse>(
            "CertificateSignedResponse", """{"status":"Rejected"}""", new() { Status = GenericStatuses.Rejected }),
        new MessageCase<ChangeAvailabilityRequest>(
            "ChangeAvailability", """{"connectorId":0,"type":"Inoperative"}""", new() { ConnectorId = 0, Type = AvailabilityTypes.Inoperative }),
        new MessageCase<ChangeAvailabilityResponse>(
            "ChangeAvailabilityResponse", """{"status":"Scheduled"}""", new() { Status = AvailabilityStatuses.Scheduled }),
        new MessageCase<ChangeConfigurationRequest>(
            "ChangeConfiguration", """{"key":"HeartbeatInterval","value":"300"}""", new() { Key = "HeartbeatInterval", Value = "300" }),
        new MessageCase<ChangeConfigurationResponse>(
            "ChangeConfigurationResponse", """{"status":"RebootRequired"}""", new() { Status = ConfigurationStatuses.RebootRequired }),
        new MessageCase<ClearCacheRequest>("ClearCache", "{}", new()),
        new MessageCase<ClearCacheResponse>("ClearCacheResponse", """{"status":"Accepted"}""", new() { Status = GenericStatuses.Accepted }),
        new MessageCase<ClearChargingProfileRequest>(
            "ClearChargingProfile",
            """{"id":1,"connectorId":1,"chargingProfilePurpose":"TxDefaultProfile","stackLevel":2}""",
            new() { Id = 1, ConnectorId = 1, ChargingProfilePurpose = ChargingProfilePurposes.TxDefaultProfile, StackLevel = 2 }),
        new MessageCase<ClearChargingProfileResponse>(
            "ClearChargingProfileResponse", """{"status":"Unknown"}""", new() { Status = ClearChargingProfileStatuses.Unknown }),
        new MessageCase<DataTransferRequest>(
            "DataTransfer", """{"vendorId":"com.example","messageId":"hello","data":"{\"a\":1}"}""", new() { VendorId = "com.example", MessageId = "hello", Data = """{"a":1}""" }),
        new MessageCase<DataTransferResponse>(
            "DataTransferResponse", """{"status":"Accepted","data":"ok"}""", new() { Status = DataTransferStatuses.Accepted, Data = "ok" }),
        new MessageCase<DeleteCertificateRequest>(
            "DeleteCertificate", $$"""{"certificateHashData":{{HashJson}}}""", new() { CertificateHashData = Hash }),
        new MessageCase<DeleteCertificateResponse>(
            "DeleteCertificateResponse", """{"status":"NotFound"}""", new() { Status = DeleteCertificateStatuses.NotFound }),
        new MessageCase<DiagnosticsStatusNotificationRequest>(
            "DiagnosticsStatusNotification", """{"status":"Uploading"}""", new() { Status = DiagnosticsStatuses.Uploading }),
        new MessageCase<DiagnosticsStatusNotificationResponse>("DiagnosticsStatusNotificationResponse", "{}", new()),
        new MessageCase<ExtendedTriggerMessageRequest>(
            "ExtendedTriggerMessage",
            """{"requestedMessage":"SignChargePointCertificate","connectorId":1}""",
            new() { RequestedMessage = ExtendedMessageTriggers.SignChargePointCertificate, ConnectorId = 1 }),
        new MessageCase<ExtendedTriggerMessageResponse>(
            "ExtendedTriggerMessageResponse", """{"status":"NotImplemented"}""", new() { Status = TriggerStatuses.NotImplemented }),
        new MessageCase<FirmwareStatusNotificationRequest>(
            "FirmwareStatusNotification", """{"status":"Installed"}""", new() { Status = FirmwareStatuses.Installed }),
        new MessageCase<FirmwareStatusNotificationResponse>("FirmwareStatusNotificationResponse", "{}", new()),
        new MessageCase<GetCompositeScheduleRequest>(
            "GetCompositeSchedule",
            """{"connectorId":1,"duration":3600,"chargingRateUnit":"W"}""",
            new() { ConnectorId = 1, Duration = 3600, ChargingRateUnit = ChargingRateUnits.W }),
        new MessageCase<GetCompositeScheduleResponse>(
            "GetCompositeScheduleResponse",
            $$"""{"status":"Accepted","connectorId":1,"scheduleStart":"2025-01-31T12:00:00.123Z","chargingSchedule":{{ScheduleJson}}}""",
            new() { Status = GenericStatuses.Accepted, ConnectorId = 1, ScheduleStart = Noon, ChargingSchedule = Schedule }),
        new MessageCase<GetConfigurationRequest>("GetConfiguration", """{"key":["HeartbeatInterval"]}""", new() { Key = ["HeartbeatInterval"] }),
        new MessageCase<GetConfigurationResponse>(
            "GetConfigurationResponse",
            """{"configurationKey":[{"key":"HeartbeatInterval","readonly":false,"value":"300"}],"unknownKey":["Nonsense"]}""",
            new() { ConfigurationKey = [new() { Key = "HeartbeatInterval", Readonly = false, Value = "300" }], UnknownKey = ["Nonsense"] }),
        new MessageCase<GetDiagnosticsRequest>(
            "GetDiagnostics",
            """{"location":"ftp://files.example.com/in","retries":2,"retryInterval":60,"startTime":"2025-01-31T12:00:00.123Z","stopTime":"2025-01-31T12:00:00.123Z"}""",
            new() { Location = "ftp://files.example.com/in", Retries = 2, RetryInterval = 60, StartTime = Noon, StopTime = Noon }),
        new MessageCase<GetDiagnosticsResponse>(
            "GetDiagnosticsResponse", """{"fileName":"diagnostics.zip"}""", new() { FileName = "diagnostics.zip" }),
        new MessageCase<GetInstalledCertificateIdsRequest>(
            "GetInstalledCertificateIds",
            """{"certificateType":"ManufacturerRootCertificate"}""",
            new() { CertificateType = CertificateUses.ManufacturerRootCertificate }),
        new MessageCase<GetInstalledCertificateIdsResponse>(
            "GetInstalledCertificateIdsResponse",
            $$"""{"certificateHashData":[{{HashJson}}],"status":"Accepted"}""",
            new() { CertificateHashData = [Hash], Status = InstalledCertificateStatuses.Accepted }),
        new MessageCase<GetLocalListVersionRequest>("GetLocalListVersion", "{}", new()),
        new MessageCase<GetLocalListVersionResponse>("GetLocalListVersionResponse", """{"listVersion":-1}""", new() { ListVersion = -1 }),
        new MessageCase<GetLogRequest>(
            "GetLog",
            """{"log":{"remoteLocation":"https://files.example.com/in","oldestTimestamp":"2025-01-31T12:00:00.123Z","latestTimestamp":"2025-01-31T12:00:00.123Z"},"logType":"SecurityLog","requestId":5,"retries":2,"retryInterval":60}""",
            new()
            {
                Log = new() { RemoteLocation = "https://files.example.com/in", OldestTimestamp = Noon, LatestTimestamp = Noon },
                LogType = LogTypes.SecurityLog,
                RequestId = 5,
                Retries = 2,
                RetryInterval = 60,
            }),
        new MessageCase<GetLogResponse>(
            "GetLogResponse",
            """{"status":"AcceptedCanceled","filename":"security.log"}""",
            new() { Status = LogStatuses.AcceptedCanceled, Filename = "security.log" }),
        new MessageCase<HeartbeatRequest>("Heartbeat", "{}", new()),
        new MessageCase<HeartbeatResponse>("HeartbeatResponse", """{"currentTime":"2025-01-31T12:00:00.123Z"}""", new() { CurrentTime = Noon }),
        new MessageCase<InstallCertificateRequest>(
            "InstallCertificate",
            """{"certificateType":"CentralSystemRootCertificate","certificate":"-----BEGIN"}""",
            new() { CertificateType = CertificateUses.CentralSystemRootCertificate, Certificate = "-----BEGIN" }),
        new MessageCase<InstallCertificateResponse>(
            "InstallCertificateResponse", """{"status":"Failed"}""", new() { Status = CertificateStatuses.Failed }),
        new MessageCase<LogStatusNotificationRequest>(
            "LogStatusNotification", """{"status":"Uploaded","requestId":5}""", new() { Status = UploadLogStatuses.Uploaded, RequestId = 5 }),
        new MessageCase<LogStatusNotificationResponse>("LogStatusNotificationResponse", "{}", new()),
        new MessageCase<MeterValuesRequest>(
            "MeterValues",
            $$"""{"connectorId":1,"transactionId":7,"meterValue":{{MeterJson}}}""",
            new() { ConnectorId = 1, TransactionId = 7, MeterValue = Meter }),
        new MessageCase<MeterValuesResponse>("MeterValuesResponse", "{}", new()),
        new MessageCase<RemoteStartTransactionRequest>(
            "RemoteStartTransaction",
            $$"""{"connectorId":1,"idTag":"04A1B2C3","chargingProfile":{{ProfileJson}}}""",
            new()
            {
                ConnectorId = 1,
                IdTag = "04A1B2C3",
                ChargingProfile = Profile,
            }),
        new MessageCase<RemoteStartTransactionResponse>(
            "RemoteStartTransactionResponse", """{"status":"Accepted"}""", new() { Status = GenericStatuses.Accepted }),
        new MessageCase<RemoteStopTransactionRequest>("RemoteStopTransaction", """{"transactionId":7}""", new() { TransactionId = 7 }),
        new MessageCase<RemoteStopTransactionResponse>(
            "RemoteStopTransactionResponse", """{"status":"Rejected"}""", new() { Status = GenericStatuses.Rejected }),
        new MessageCase<ReserveNowRequest>(
            "ReserveNow",
            """{"connectorId":0,"expiryDate":"2025-01-31T12:00:00.123Z","idTag":"04A1B2C3","parentIdTag":"PARENT","reservationId":3}""",
            new() { ConnectorId = 0, ExpiryDate = Noon, IdTag = "04A1B2C3", ParentIdTag = "PARENT", ReservationId = 3 }),
        new MessageCase<ReserveNowResponse>("ReserveNowResponse", """{"status":"Occupied"}""", new() { Status = ReservationStatuses.Occupied }),
        new MessageCase<ResetRequest>("Reset", """{"type":"Soft"}""", new() { Type = ResetTypes.Soft }),
        new MessageCase<ResetResponse>("ResetResponse", """{"status":"Accepted"}""", new() { Status = GenericStatuses.Accepted }),
        new MessageCase<SecurityEventNotificationRequest>(
            "SecurityEventNotification",
            """{"type":"FirmwareUpdated","timestamp":"2025-01-31T12:00:00.123Z","techInfo":"1.2.3"}""",
            new() { Type = "FirmwareUpdated", Timestamp = Noon, TechInfo = "1.2.3" }),
        new MessageCase<SecurityEventNotificationResponse>("SecurityEventNotificationResponse", "{}", new()),
        new MessageCase<SendLocalListRequest>(
            "SendLocalList",
            $$"""{"listVersion":4,"localAuthorizationList":[{"idTag":"04A1B2C3","idTagInfo":{{TagJson}}}],"updateType":"Full"}""",
            new() { ListVersion = 4, LocalAuthorizationList = [new() { IdTag = "04A1B2C3", IdTagInfo = Tag }], UpdateType = UpdateTypes.Full }),
        new MessageCase<SendLocalListResponse>(
            "SendLocalListResponse", """{"status":"VersionMismatch"}""", new() { Status = UpdateStatuses.VersionMismatch }),
        new MessageCase<SetChargingProfileRequest>(
            "SetChargingProfile",
            $$"""{"connectorId":1,"csChargingProfiles":{{ProfileJson}}}""",
            new() { ConnectorId = 1, CsChargingProfiles = Profile }),
        new MessageCase<SetChargingProfileResponse>(
            "SetChargingProfileResponse", """{"status":"NotSupported"}""", new() { Status = ChargingProfileStatuses.NotSupported }),
        new MessageCase<SignCertificateRequest>("SignCertificate", """{"csr":"-----BEGIN"}""", new() { Csr = "-----BEGIN" }),
        new MessageCase<SignCertificateResponse>("SignCertificateResponse", """{"status":"Rejected"}""", new() { Status = GenericStatuses.Rejected }),
        new MessageCase<SignedFirmwareStatusNotificationRequest>(
            "SignedFirmwareStatusNotification",
            """{"status":"SignatureVerified","requestId":5}""",
            new() { Status = SignedFirmwareStatuses.SignatureVerified, RequestId = 5 }),
        new MessageCase<SignedFirmwareStatusNotificationResponse>("SignedFirmwareStatusNotificationResponse", "{}", new()),
        new MessageCase<SignedUpdateFirmwareRequest>(
            "SignedUpdateFirmware",
            """
            {"retries":2,"retryInterval":60,"requestId":5,"firmware":{"location":"https://files.example.com/2.bin","retrieveDateTime":"2025-01-31T12:00:00.123Z","installDateTime":"2025-01-31T12:00:00.123Z",
            "signingCertificate":"-----BEGIN","signature":"c2ln"}}
            """,
            new()
            {
                Retries = 2,
                RetryInterval = 60,
                RequestId = 5,
                Firmware = new()
                {
                    Location = "https://files.example.com/2.bin",
                    RetrieveDateTime = Noon,
                    InstallDateTime = Noon,
                    SigningCertificate = "-----BEGIN",
                    Signature = "c2ln",
                },
            }),
        new MessageCase<SignedUpdateFirmwareResponse>(
            "SignedUpdateFirmwareResponse", """{"status":"RevokedCertificate"}""", new() { Status = UpdateFirmwareStatuses.RevokedCertificate }),
        new MessageCase<StartTransactionRequest>(
            "StartTransaction",
            """{"connectorId":1,"idTag":"04A1B2C3","meterStart":1000,"reservationId":3,"timestamp":"2025-01-31T12:00:00.123Z"}""",
            new() { ConnectorId = 1, IdTag = "04A1B2C3", MeterStart = 1000, ReservationId = 3, Timestamp = Noon }),
        new MessageCase<StartTransactionResponse>(
            "StartTransactionResponse", $$"""{"idTagInfo":{{TagJson}},"transactionId":7}""", new() { IdTagInfo = Tag, TransactionId = 7 }),
        new MessageCase<StatusNotificationRequest>(
            "StatusNotification",
            """
            {"connectorId":1,"errorCode":"NoError","info":"fine","status":"Charging","timestamp":"2025-01-31T12:00:00.123Z","vendorId":"com.example","vendorErrorCode":"E0"}
            """,
            new()
            {
                ConnectorId = 1,
                ErrorCode = ConnectorErrorCodes.NoError,
                Info = "fine",
                Status = ConnectorStatuses.Charging,
                Timestamp = Noon,
                VendorId = "com.example",
                VendorErrorCode = "E0",
            }),
        new MessageCase<StatusNotificationResponse>("StatusNotificationResponse", "{}", new()),
        new MessageCase<StopTransactionRequest>(
            "StopTransaction",
            $$"""
            {"idTag":"04A1B2C3","meterStop":15000,"timestamp":"2025-01-31T12:00:00.123Z","transactionId":7,"reason":"EVDisconnected","transactionData":{{MeterJson}}}
            """,
            new()
            {
                IdTag = "04A1B2C3",
                MeterStop = 15000,
                Timestamp = Noon,
                TransactionId = 7,
                Reason = StopReasons.EVDisconnected,
                TransactionData = Meter,
            }),
        new MessageCase<StopTransactionResponse>("StopTransactionResponse", $$"""{"idTagInfo":{{TagJson}}}""", new() { IdTagInfo = Tag }),
        new MessageCase<TriggerMessageRequest>(
            "TriggerMessage",
            """{"requestedMessage":"MeterValues","connectorId":1}""",
            new() { RequestedMessage = MessageTriggers.MeterValues, ConnectorId = 1 }),
        new MessageCase<TriggerMessageResponse>(
            "TriggerMessageResponse", """{"status":"NotImplemented"}""", new() { Status = TriggerStatuses.NotImplemented }),
        new MessageCase<UnlockConnectorRequest>("UnlockConnector", """{"connectorId":1}""", new() { ConnectorId = 1 }),
        new MessageCase<UnlockConnectorResponse>("UnlockConnectorResponse", """{"status":"Unlocked"}""", new() { Status = UnlockStatuses.Unlocked }),
        new MessageCase<UpdateFirmwareRequest>(
            "UpdateFirmware",
            """{"location":"https://files.example.com/2.bin","retries":2,"retrieveDate":"2025-01-31T12:00:00.123Z","retryInterval":60}""",
            new() { Location = "https://files.example.com/2.bin", Retries = 2, RetrieveDate = Noon, RetryInterval = 60 }),
        new MessageCase<UpdateFirmwareResponse>("UpdateFirmwareResponse", "{}", new()),
    ];
}

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
        new MessageCase<DataTransferRequest>(
            "DataTransfer", """{"vendorId":"com.example","messageId":"hello","data":"{\"a\":1}"}""", new() { VendorId = "com.example", MessageId = "hello", Data = """{"a":1}""" }),
        new MessageCase<DataTransferResponse>(
            "DataTransferResponse", """{"status":"Accepted","data":"ok"}""", new() { Status = DataTransferStatuses.Accepted, Data = "ok" }),
        new MessageCase<DiagnosticsStatusNotificationRequest>(
            "DiagnosticsStatusNotification", """{"status":"Uploading"}""", new() { Status = DiagnosticsStatuses.Uploading }),
        new MessageCase<DiagnosticsStatusNotificationResponse>("DiagnosticsStatusNotificationResponse", "{}", new()),
        new MessageCase<FirmwareStatusNotificationRequest>(
            "FirmwareStatusNotification", """{"status":"Installed"}""", new() { Status = FirmwareStatuses.Installed }),
        new MessageCase<FirmwareStatusNotificationResponse>("FirmwareStatusNotificationResponse", "{}", new()),
        new MessageCase<HeartbeatRequest>("Heartbeat", "{}", new()),
        new MessageCase<HeartbeatResponse>("HeartbeatResponse", """{"currentTime":"2025-01-31T12:00:00.123Z"}""", new() { CurrentTime = Noon }),
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
            """
            {"connectorId":1,"idTag":"04A1B2C3","chargingProfile":{"chargingProfileId":1,"transactionId":7,"stackLevel":0,"chargingProfilePurpose":"TxProfile",
            "chargingProfileKind":"Recurring","recurrencyKind":"Daily","validFrom":"2025-01-31T12:00:00.123Z","validTo":"2025-01-31T12:00:00.123Z",
            "chargingSchedule":{"duration":3600,"startSchedule":"2025-01-31T12:00:00.123Z","chargingRateUnit":"A",
            "chargingSchedulePeriod":[{"startPeriod":0,"limit":16.5,"numberPhases":3}],"minChargingRate":6.1}}}
            """,
            new()
            {
                ConnectorId = 1,
                IdTag = "04A1B2C3",
                ChargingProfile = new()
                {
                    ChargingProfileId = 1,
                    TransactionId = 7,
                    StackLevel = 0,
                    ChargingProfilePurpose = ChargingProfilePurposes.TxProfile,
                    ChargingProfileKind = ChargingProfileKinds.Recurring,
                    RecurrencyKind = RecurrencyKinds.Daily,
                    ValidFrom = Noon,
                    ValidTo = Noon,
                    ChargingSchedule = new()
                    {
                        Duration = 3600,
                        StartSchedule = Noon,
                        ChargingRateUnit = ChargingRateUnits.A,
                        ChargingSchedulePeriod = [new() { StartPeriod = 0, Limit = 16.5m, NumberPhases = 3 }],
                        MinChargingRate = 6.1m,
                    },
                },
            }),
        new MessageCase<RemoteStartTransactionResponse>(
            "RemoteStartTransactionResponse", """{"status":"Accepted"}""", new() { Status = GenericStatuses.Accepted }),
        new MessageCase<RemoteStopTransactionRequest>("RemoteStopTransaction", """{"transactionId":7}""", new() { TransactionId = 7 }),
        new MessageCase<RemoteStopTransactionResponse>(
            "RemoteStopTransactionResponse", """{"status":"Rejected"}""", new() { Status = GenericStatuses.Rejected }),
        new MessageCase<ResetRequest>("Reset", """{"type":"Soft"}""", new() { Type = ResetTypes.Soft }),
        new MessageCase<ResetResponse>("ResetResponse", """{"status":"Accepted"}""", new() { Status = GenericStatuses.Accepted }),
        new MessageCase<SecurityEventNotificationRequest>(
            "SecurityEventNotification",
            """{"type":"FirmwareUpdated","timestamp":"2025-01-31T12:00:00.123Z","techInfo":"1.2.3"}""",
            new() { Type = "FirmwareUpdated", Timestamp = Noon, TechInfo = "1.2.3" }),
        new MessageCase<SecurityEventNotificationResponse>("SecurityEventNotificationResponse", "{}", new()),
        new MessageCase<SignCertificateRequest>("SignCertificate", """{"csr":"-----BEGIN"}""", new() { Csr = "-----BEGIN" }),
        new MessageCase<SignCertificateResponse>("SignCertificateResponse", """{"status":"Rejected"}""", new() { Status = GenericStatuses.Rejected }),
        new MessageCase<SignedFirmwareStatusNotificationRequest>(
            "SignedFirmwareStatusNotification",
            """{"status":"SignatureVerified","requestId":5}""",
            new() { Status = SignedFirmwareStatuses.SignatureVerified, RequestId = 5 }),
        new MessageCase<SignedFirmwareStatusNotificationResponse>("SignedFirmwareStatusNotificationResponse", "{}", new()),
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
    ];
}

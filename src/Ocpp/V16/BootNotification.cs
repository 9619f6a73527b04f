using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>A charger presents itself. Vendor and model are required by the document; a boot without them is not turned away.</summary>
public sealed record BootNotificationRequest : IPayload<BootNotificationRequest>
{
    public string? ChargePointVendor { get; set; }

    public string? ChargePointModel { get; set; }

    public string? ChargePointSerialNumber { get; set; }

    public string? ChargeBoxSerialNumber { get; set; }

    public string? FirmwareVersion { get; set; }

    public string? Iccid { get; set; }

    public string? Imsi { get; set; }

    public string? MeterType { get; set; }

    public string? MeterSerialNumber { get; set; }

    static Shape<BootNotificationRequest> IPayload<BootNotificationRequest>.Shape { get; } = new Shape<BootNotificationRequest>(() => new())
        .Text("chargePointVendor", 20, Need.Wanted, (m, v) => m.ChargePointVendor = v)
        .Text("chargePointModel", 20, Need.Wanted, (m, v) => m.ChargePointModel = v)
        .Text("chargePointSerialNumber", 25, Need.Optional, (m, v) => m.ChargePointSerialNumber = v)
        .Text("chargeBoxSerialNumber", 25, Need.Optional, (m, v) => m.ChargeBoxSerialNumber = v)
        .Text("firmwareVersion", 50, Need.Optional, (m, v) => m.FirmwareVersion = v)
        .Text("iccid", 20, Need.Optional, (m, v) => m.Iccid = v)
        .Text("imsi", 20, Need.Optional, (m, v) => m.Imsi = v)
        .Text("meterType", 25, Need.Optional, (m, v) => m.MeterType = v)
        .Text("meterSerialNumber", 25, Need.Optional, (m, v) => m.MeterSerialNumber = v);
}

/// <summary>The answer to a boot.</summary>
public sealed record BootNotificationResponse : IPayload<BootNotificationResponse>
{
    /// <summary>One of <see cref="RegistrationStatuses"/>.</summary>
    public required string Status { get; set; }

    public required DateTimeOffset CurrentTime { get; set; }

    /// <summary>Seconds between heartbeats when accepted, else before the next boot.</summary>
    public required int Interval { get; set; }

    static Shape<BootNotificationResponse> IPayload<BootNotificationResponse>.Shape { get; } =
        new Shape<BootNotificationResponse>(() => new() { Status = "", CurrentTime = default, Interval = 0 })
            .Word("status", RegistrationStatuses.Words, Need.Required, (m, v) => m.Status = v ?? "")
            .Time("currentTime", Need.Required, (m, v) => m.CurrentTime = v ?? default)
            .Whole("interval", Need.Required, (m, v) => m.Interval = v ?? 0);
}

/// <summary>How a boot is answered.</summary>
public static class RegistrationStatuses
{
    public const string Accepted = "Accepted";
    public const string Pending = "Pending";
    public const string Rejected = "Rejected";

    public static WordSet Words { get; } = new(Accepted, Pending, Rejected);
}

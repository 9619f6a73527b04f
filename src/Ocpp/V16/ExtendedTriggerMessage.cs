using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>Asks a charger to send a message, the ones of the security white paper among them.</summary>
public sealed record ExtendedTriggerMessageRequest : IPayload<ExtendedTriggerMessageRequest>
{
    /// <summary>One of <see cref="ExtendedMessageTriggers"/>.</summary>
    public required string RequestedMessage { get; set; }

    public int? ConnectorId { get; set; }

    static Shape<ExtendedTriggerMessageRequest> IPayload<ExtendedTriggerMessageRequest>.Shape { get; } =
        new Shape<ExtendedTriggerMessageRequest>(() => new() { RequestedMessage = "" })
            .Word("requestedMessage", ExtendedMessageTriggers.Words, Need.Required, (m, v) => m.RequestedMessage = v ?? "")
            .Whole("connectorId", Need.Optional, (m, v) => m.ConnectorId = v, min: 1);
}

/// <summary>Whether the charger will.</summary>
public sealed record ExtendedTriggerMessageResponse : IPayload<ExtendedTriggerMessageResponse>
{
    /// <summary>One of <see cref="TriggerStatuses"/>.</summary>
    public required string Status { get; set; }

    static Shape<ExtendedTriggerMessageResponse> IPayload<ExtendedTriggerMessageResponse>.Shape { get; } =
        new Shape<ExtendedTriggerMessageResponse>(() => new() { Status = "" })
            .Word("status", TriggerStatuses.Words, Need.Required, (m, v) => m.Status = v ?? "");
}

/// <summary>The messages that ExtendedTriggerMessage can ask for.</summary>
public static class ExtendedMessageTriggers
{
    public const string BootNotification = "BootNotification";
    public const string LogStatusNotification = "LogStatusNotification";
    public const string FirmwareStatusNotification = "FirmwareStatusNotification";
    public const string Heartbeat = "Heartbeat";
    public const string MeterValues = "MeterValues";

    /// <summary>A SignCertificate.</summary>
    public const string SignChargePointCertificate = "SignChargePointCertificate";

    public const string StatusNotification = "StatusNotification";

    public static WordSet Words { get; } =
        new(BootNotification, LogStatusNotification, FirmwareStatusNotification, Heartbeat, MeterValues, SignChargePointCertificate, StatusNotification);
}

using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>Asks a charger to send a message.</summary>
public sealed record TriggerMessageRequest : IPayload<TriggerMessageRequest>
{
    /// <summary>One of <see cref="MessageTriggers"/>.</summary>
    public required string RequestedMessage { get; set; }

    public int? ConnectorId { get; set; }

    static Shape<TriggerMessageRequest> IPayload<TriggerMessageRequest>.Shape { get; } =
        new Shape<TriggerMessageRequest>(() => new() { RequestedMessage = "" })
            .Word("requestedMessage", MessageTriggers.Words, Need.Required, (m, v) => m.RequestedMessage = v ?? "")
            .Whole("connectorId", Need.Optional, (m, v) => m.ConnectorId = v, min: 1);
}

/// <summary>Whether the charger will.</summary>
public sealed record TriggerMessageResponse : IPayload<TriggerMessageResponse>
{
    /// <summary>One of <see cref="TriggerStatuses"/>.</summary>
    public required string Status { get; set; }

    static Shape<TriggerMessageResponse> IPayload<TriggerMessageResponse>.Shape { get; } =
        new Shape<TriggerMessageResponse>(() => new() { Status = "" })
            .Word("status", TriggerStatuses.Words, Need.Required, (m, v) => m.Status = v ?? "");
}

/// <summary>The messages that TriggerMessage can ask for.</summary>
public static class MessageTriggers
{
    public const string BootNotification = "BootNotification";
    public const string DiagnosticsStatusNotification = "DiagnosticsStatusNotification";
    public const string FirmwareStatusNotification = "FirmwareStatusNotification";
    public const string Heartbeat = "Heartbeat";
    public const string MeterValues = "MeterValues";
    public const string StatusNotification = "StatusNotification";

    public static WordSet Words { get; } =
        new(BootNotification, DiagnosticsStatusNotification, FirmwareStatusNotification, Heartbeat, MeterValues, StatusNotification);
}

/// <summary>How TriggerMessage and ExtendedTriggerMessage are answered.</summary>
public static class TriggerStatuses
{
    public const string Accepted = "Accepted";
    public const string Rejected = "Rejected";

    /// <summary>The charger cannot send that message on request.</summary>
    public const string NotImplemented = "NotImplemented";

    public static WordSet Words { get; } = new(Accepted, Rejected, NotImplemented);
}

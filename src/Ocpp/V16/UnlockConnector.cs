using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>Asks a charger to let go of a cable.</summary>
public sealed record UnlockConnectorRequest : IPayload<UnlockConnectorRequest>
{
    public required int ConnectorId { get; set; }

    static Shape<UnlockConnectorRequest> IPayload<UnlockConnectorRequest>.Shape { get; } =
        new Shape<UnlockConnectorRequest>(() => new() { ConnectorId = 0 })
            .Whole("connectorId", Need.Required, (m, v) => m.ConnectorId = v ?? 0, min: 1);
}

/// <summary>Whether it did.</summary>
public sealed record UnlockConnectorResponse : IPayload<UnlockConnectorResponse>
{
    /// <summary>One of <see cref="UnlockStatuses"/>.</summary>
    public required string Status { get; set; }

    static Shape<UnlockConnectorResponse> IPayload<UnlockConnectorResponse>.Shape { get; } =
        new Shape<UnlockConnectorResponse>(() => new() { Status = "" })
            .Word("status", UnlockStatuses.Words, Need.Required, (m, v) => m.Status = v ?? "");
}

/// <summary>What became of an unlocking.</summary>
public static class UnlockStatuses
{
    public const string Unlocked = "Unlocked";
    public const string UnlockFailed = "UnlockFailed";

    /// <summary>The connector has no lock.</summary>
    public const string NotSupported = "NotSupported";

    public static WordSet Words { get; } = new(Unlocked, UnlockFailed, NotSupported);
}

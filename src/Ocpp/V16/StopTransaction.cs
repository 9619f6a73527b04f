using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>A transaction has ended. Read it whatever it lacks: what is unusable is null.</summary>
public sealed record StopTransactionRequest : IPayload<StopTransactionRequest>
{
    public string? IdTag { get; set; }

    /// <summary>Wh.</summary>
    public long? MeterStop { get; set; }

    public DateTimeOffset? Timestamp { get; set; }

    /// <summary>-1 when the charger never got the answer to its StartTransaction.</summary>
    public int? TransactionId { get; set; }

    /// <summary>One of <see cref="StopReasons"/>, or what the charger sent; null means <see cref="StopReasons.Local"/>.</summary>
    public string? Reason { get; set; }

    public MeterValue[]? TransactionData { get; set; }

    static Shape<StopTransactionRequest> IPayload<StopTransactionRequest>.Shape { get; } =
        new Shape<StopTransactionRequest>(() => new(), mustBeAnswered: true)
            .Text("idTag", 20, Need.Optional, (m, v) => m.IdTag = v)
            .Long("meterStop", Need.Required, (m, v) => m.MeterStop = v)
            .Time("timestamp", Need.Required, (m, v) => m.Timestamp = v)
            .Whole("transactionId", Need.Required, (m, v) => m.TransactionId = v)
            .Word("reason", StopReasons.Words, Need.Optional, (m, v) => m.Reason = v)
            .Many<MeterValue>("transactionData", Need.Optional, (m, v) => m.TransactionData = v);
}

/// <summary>What the tag that ended it may do.</summary>
public sealed record StopTransactionResponse : IPayload<StopTransactionResponse>
{
    public IdTagInfo? IdTagInfo { get; set; }

    static Shape<StopTransactionResponse> IPayload<StopTransactionResponse>.Shape { get; } = new Shape<StopTransactionResponse>(() => new())
        .One<IdTagInfo>("idTagInfo", Need.Optional, (m, v) => m.IdTagInfo = v);
}

/// <summary>Why a transaction ended.</summary>
public static class StopReasons
{
    public const string EmergencyStop = "EmergencyStop";
    public const string EVDisconnected = "EVDisconnected";
    public const string HardReset = "HardReset";

    /// <summary>At the charger; what a charger means that gives no reason.</summary>
    public const string Local = "Local";

    public const string Other = "Other";
    public const string PowerLoss = "PowerLoss";
    public const string Reboot = "Reboot";
    public const string Remote = "Remote";
    public const string SoftReset = "SoftReset";
    public const string UnlockCommand = "UnlockCommand";
    public const string DeAuthorized = "DeAuthorized";

    public static WordSet Words { get; } =
        new(Local, Remote, EVDisconnected, EmergencyStop, HardReset, Other, PowerLoss, Reboot, SoftReset, UnlockCommand, DeAuthorized);
}

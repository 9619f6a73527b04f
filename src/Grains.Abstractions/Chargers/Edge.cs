namespace Capacitor.Chargers;

/// <summary>What a charger presented in its handshake.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.credentials")]
public sealed record Credentials
{
    /// <summary>The decoded bytes of Basic authentication, <c>user:password</c> as sent; null when it sent none.</summary>
    [Id(0)] public byte[]? Basic { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Basic is null ? "no credentials" : "Basic credentials";
}

/// <summary>How a handshake is answered.</summary>
public enum AdmissionVerdict
{
    /// <summary>Go on.</summary>
    Admitted = 0,

    /// <summary>No such charger: HTTP 404.</summary>
    Unknown = 1,

    /// <summary>A password is asked for and was not presented: HTTP 401.</summary>
    Unauthorized = 2,
}

/// <summary>The answer to a handshake.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.admission")]
public sealed record Admission
{
    /// <summary>How to answer.</summary>
    [Id(0)] public required AdmissionVerdict Verdict { get; init; }

    /// <summary>The id as its owner wrote it; null unless admitted.</summary>
    [Id(1)] public ChargeBoxId? ChargeBoxId { get; init; }

    /// <summary>See <see cref="Charger.AssumeProtocol"/>.</summary>
    [Id(2)] public string? AssumeProtocol { get; init; }
}

/// <summary>A socket that wants to be the charger's connection.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.attachment")]
public sealed record Attachment
{
    /// <summary>The Api process that holds the socket.</summary>
    [Id(0)] public required string GatewayId { get; init; }

    /// <summary>The way back to the socket.</summary>
    [Id(1)] public required IGateway Gateway { get; init; }

    /// <summary>Names the socket within its gateway.</summary>
    [Id(2)] public required long ConnectionId { get; init; }

    /// <summary>The negotiated protocol, such as <c>ocpp1.6</c>.</summary>
    [Id(3)] public required string Protocol { get; init; }
}

/// <summary>A CALL from a charger: envelope read, payload not yet.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.charger-call")]
public sealed record ChargerCall
{
    /// <summary>The connection's epoch.</summary>
    [Id(0)] public required long Epoch { get; init; }

    /// <summary>OCPP's message id.</summary>
    [Id(1)] public required string MessageId { get; init; }

    /// <summary>OCPP's action, such as <c>BootNotification</c>.</summary>
    [Id(2)] public required string Action { get; init; }

    /// <summary>The payload's JSON in UTF-8, owned by this record.</summary>
    [Id(3)] public required ReadOnlyMemory<byte> Payload { get; init; }
}

/// <summary>The answer to a charger's CALL; sent only after everything it stands for is committed.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.charger-answer")]
public sealed record ChargerAnswer
{
    /// <summary>The connection is no longer the charger's: say nothing and close.</summary>
    public static ChargerAnswer Stale { get; } = new() { IsStale = true };

    /// <summary>JSON of the CALLRESULT's payload in UTF-8; empty for a CALLERROR.</summary>
    [Id(0)] public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The CALLERROR's code as the wire spells it; null for a CALLRESULT.</summary>
    [Id(1)] public string? ErrorCode { get; init; }

    /// <summary>The CALLERROR's description, at most 255 characters.</summary>
    [Id(2)] public string? ErrorDescription { get; init; }

    /// <summary>True when the epoch is not the current one.</summary>
    [Id(3)] public bool IsStale { get; init; }
}

/// <summary>Why a connection ended, as <c>charger.disconnected</c> tells it.</summary>
public enum DisconnectReason
{
    /// <summary>The charger closed the socket or the network did: <c>closed</c>.</summary>
    Closed = 0,

    /// <summary>No sign of life within the ping's deadline: <c>timeout</c>.</summary>
    TimedOut = 1,

    /// <summary>The server stopped or died and the charger did not come back in time: <c>server_shutdown</c>.</summary>
    ServerShutdown = 2,

    /// <summary>The charger was removed: <c>removed</c>.</summary>
    Removed = 3,
}

/// <summary>Why the server ends a socket.</summary>
public enum SocketEnd
{
    /// <summary>A newer socket of the same charger took over.</summary>
    Replaced = 0,

    /// <summary>The charger was removed.</summary>
    Removed = 1,
}

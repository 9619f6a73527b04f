namespace Capacitor.Chargers;

/// <summary>What a charger presented in its handshake.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.credentials")]
public sealed record Credentials
{
    /// <summary>The decoded bytes of Basic authentication, <c>user:password</c> as sent; null when it sent none.</summary>
    [Id(0)] public byte[]? Basic { get; init; }

    /// <summary>True when the charger's own connection is TLS, ended by this server or by a proxy that it trusts.</summary>
    [Id(1)] public bool IsEncrypted { get; init; }

    /// <summary>The charger's certificate in DER; nobody has looked at it yet. Null when it presented none.</summary>
    [Id(2)] public byte[]? Certificate { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{(IsEncrypted ? "TLS" : "no TLS")}, {(Basic is null ? "no password" : "a password")}, {(Certificate is null ? "no certificate" : "a certificate")}";
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

    /// <summary>It came in another way than its security profile asks for: HTTP 403.</summary>
    Forbidden = 3,
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

    /// <summary>The charger's connection epoch so far.</summary>
    [Id(3)] public long Epoch { get; init; }

    /// <summary>Why it was refused.</summary>
    [Id(4)] public AdmissionRefusal Refusal { get; init; }

    /// <summary>The charger's registration: <see cref="Charger.Id"/>. Null unless admitted, and from a silo of an earlier version.</summary>
    [Id(5)] public string? RegistrationId { get; init; }

    /// <summary>Whose charger it is, by its id; null as <see cref="RegistrationId"/>.</summary>
    [Id(6)] public string? Tenant { get; init; }
}

/// <summary>A socket that wants to be the charger's connection.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.attachment")]
public sealed record Attachment
{
    /// <summary>The Api process that holds the socket: its <see cref="IGateway"/>'s grain id as text.</summary>
    [Id(0)] public required string GatewayId { get; init; }

    /// <summary>Names the socket within its gateway.</summary>
    [Id(2)] public required long ConnectionId { get; init; }

    /// <summary>The negotiated protocol, such as <c>ocpp1.6</c>.</summary>
    [Id(3)] public required string Protocol { get; init; }

    /// <summary>The epoch that the charger had at the socket's handshake: <see cref="Admission.Epoch"/>.</summary>
    [Id(4)] public long SeenEpoch { get; init; }

    /// <summary>True when an earlier attempt got no answer. Such a one never takes the charger from a socket that attached meanwhile.</summary>
    [Id(5)] public bool IsRetry { get; init; }
}

/// <summary>How an attachment ended.</summary>
public enum AttachVerdict
{
    /// <summary>The socket is the charger's connection.</summary>
    Attached = 0,

    /// <summary>No such charger is registered.</summary>
    Unknown = 1,

    /// <summary>Another socket has become the connection since this one's first attempt.</summary>
    Superseded = 2,
}

/// <summary>The answer to an attachment.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.attach-outcome")]
public sealed record AttachOutcome
{
    /// <summary>How it ended.</summary>
    [Id(0)] public required AttachVerdict Verdict { get; init; }

    /// <summary>The connection's epoch, which everything that the socket says carries; 0 unless attached.</summary>
    [Id(1)] public long Epoch { get; init; }

    /// <summary>True for a charger that would stay away after a close; it is to be cut off instead.</summary>
    [Id(2)] public bool AbortInsteadOfClose { get; init; }
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

    /// <summary>
    /// The call's number on its connection, rising from 1. What got no answer is sent again with its number, and has no second effect. 0: not numbered.
    /// </summary>
    [Id(4)] public long Number { get; init; }
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

    /// <summary>How the connection ended, when this is stale.</summary>
    [Id(4)] public SocketEnd End { get; init; }
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

    /// <summary>The cluster heard nothing of the gateway for so long that the charger was reported disconnected; it should connect again.</summary>
    Lost = 2,
}

using System.Net;
using System.Net.WebSockets;
using Capacitor.Chargers;

namespace Capacitor.Api.Ocpp;

/// <summary>Events 4000 to 4199. Payloads and passwords are never logged.</summary>
internal static partial class Log
{
    [LoggerMessage(4000, LogLevel.Information, "Charger {Charger} connected as {ConnectionId} with {Protocol}, epoch {Epoch}")]
    public static partial void Connected(ILogger logger, ChargeBoxId charger, long connectionId, string protocol, long epoch);

    [LoggerMessage(4001, LogLevel.Information, "Charger {Charger} disconnected from {ConnectionId}: {Cause}")]
    public static partial void Disconnected(ILogger logger, ChargeBoxId charger, long connectionId, string cause);

    [LoggerMessage(4002, LogLevel.Information, "Handshake for {Target} refused with {Status}: {Reason}")]
    public static partial void Refused(ILogger logger, string target, int status, string reason);

    [LoggerMessage(4003, LogLevel.Information, "Charger {Charger} turned away with {Status}: {Reason}")]
    public static partial void TurnedAway(ILogger logger, ChargeBoxId charger, WebSocketCloseStatus status, string reason);

    [LoggerMessage(4004, LogLevel.Error, "Handshake of charger {Charger} failed")]
    public static partial void HandshakeFailed(ILogger logger, Exception exception, ChargeBoxId charger);

    [LoggerMessage(4005, LogLevel.Error, "Charger {Charger} could not be attached, attempt {Attempt}")]
    public static partial void AttachFailed(ILogger logger, Exception exception, ChargeBoxId charger, int attempt);

    [LoggerMessage(4006, LogLevel.Warning, "The end of charger {Charger}'s connection could not be recorded, attempt {Attempt}")]
    public static partial void DetachFailed(ILogger logger, Exception exception, ChargeBoxId charger, int attempt);

    [LoggerMessage(4007, LogLevel.Debug, "Ping of charger {Charger} failed")]
    public static partial void PingFailed(ILogger logger, Exception exception, ChargeBoxId charger);

    [LoggerMessage(4008, LogLevel.Information, "Unknown charger {Charger} registered with the default tenant")]
    public static partial void Registered(ILogger logger, ChargeBoxId charger);

    [LoggerMessage(4010, LogLevel.Warning, "{Action} of charger {Charger} failed, attempt {Attempt}")]
    public static partial void CallFailed(ILogger logger, Exception exception, string action, ChargeBoxId charger, int attempt);

    [LoggerMessage(4011, LogLevel.Warning, "Charger {Charger} sent a frame that cannot be answered ({Kind}); {Count} so far on this connection")]
    public static partial void Ignored(ILogger logger, ChargeBoxId charger, string kind, int count);

    [LoggerMessage(4012, LogLevel.Error, "Processing the messages of charger {Charger} failed")]
    public static partial void PumpFailed(ILogger logger, Exception exception, ChargeBoxId charger);

    [LoggerMessage(4013, LogLevel.Warning, "The cluster could not be told that this gateway is alive; it is tried again")]
    public static partial void LeaseNotRenewed(ILogger logger, Exception exception);

    [LoggerMessage(4014, LogLevel.Warning, "The cluster had not heard of this gateway for too long: {Count} chargers that were taken for lost are told to connect again")]
    public static partial void ConnectionsLost(ILogger logger, int count);

    [LoggerMessage(4015, LogLevel.Warning, "It could not be asked whether charger {Charger} was taken for lost; if it was, no command reaches it until it speaks")]
    public static partial void NotChecked(ILogger logger, Exception exception, ChargeBoxId charger);

    [LoggerMessage(4020, LogLevel.Information, "Closing {Count} charger connections")]
    public static partial void Stopping(ILogger logger, int count);

    [LoggerMessage(4021, LogLevel.Warning, "The cluster could not be told which commands this gateway took before it stopped")]
    public static partial void NotLeft(ILogger logger, Exception exception);

    [LoggerMessage(4022, LogLevel.Warning, "The grain of charger {Charger} could not be told how a command ended; its history says that it timed out")]
    public static partial void EndNotTold(ILogger logger, Exception exception, ChargeBoxId charger);

    [LoggerMessage(4030, LogLevel.Information, "{Header} of {Peer} is ignored: only proxies of Capacitor:TrustedProxies are believed")]
    public static partial void IgnoredHeader(ILogger logger, string header, IPAddress? peer);
}

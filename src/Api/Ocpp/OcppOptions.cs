using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Capacitor.Api.Ocpp;

/// <summary>What happens to a charger that nobody registered.</summary>
public enum UnknownChargers
{
    /// <summary>HTTP 404. The default.</summary>
    Reject = 0,

    /// <summary>It is registered with the tenant <c>default</c> and let in.</summary>
    Accept = 1,
}

/// <summary>Settings of the OCPP endpoint: <c>Capacitor:Ocpp</c>.</summary>
public sealed class OcppOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Capacitor:Ocpp";

    /// <summary>A socket silent for so long is pinged. Default 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00")]
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A socket that stays silent for so long after a ping is cut. Default 20 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00")]
    public TimeSpan PingTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>The longest message a charger may send; a longer one closes the socket with 1009. Default 262,144 bytes.</summary>
    [Range(1024, 16 * 1024 * 1024)]
    public int MaxFrameBytes { get; set; } = 262_144;

    /// <summary>Commands that may wait for one charger, the one under way included. Default 32.</summary>
    [Range(1, 1000)]
    public int CommandQueueLimit { get; set; } = 32;

    /// <summary>CALLs of one charger that may wait to be processed before its socket is no longer read. Default 16.</summary>
    [Range(1, 1000)]
    public int CallQueueLimit { get; set; } = 16;

    /// <summary>Wait before the server tries again what it failed to do for a charger; doubles up to four times as much, give or take a quarter. Default 250 milliseconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// How long a charger's message is tried again while a silo or the database is away, before the charger gets a CALLERROR; messages of transactions are tried
    /// for as long as the socket lives. Should stay below the time-out of chargers, 30 seconds for most. Default 25 seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>How long a polite close may take before the socket is cut. Default 1 second.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A stopping server closes its sockets one after the other, 2 milliseconds each and all within this time, lest the chargers come back to the others all at
    /// once. Default 10 seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a stopping server waits for answers to what a charger had sent, and for its close. A command under way has what the whole stop has:
    /// <see cref="DrainTime"/>, this, and 5 seconds more. Default 10 seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The part of <see cref="ShutdownTimeout"/> in which answers go out: a close after it still has its time.</summary>
    internal TimeSpan AnswerTimeout => ShutdownTimeout > 2 * CloseTimeout ? ShutdownTimeout - CloseTimeout : ShutdownTimeout / 2;

    /// <summary>Counted from the order to stop: when the last socket is cut.</summary>
    internal TimeSpan SocketTime => DrainTime + ShutdownTimeout + TimeSpan.FromSeconds(5);

    /// <summary>Counted from the order to stop: when a socket whose command is still under way is closed all the same.</summary>
    internal TimeSpan CommandTime => SocketTime - (ShutdownTimeout - AnswerTimeout);

    /// <summary>Counted from the order to stop: when the process must have stopped. What comes after the sockets takes moments, or is not worth more.</summary>
    internal TimeSpan StopTime => SocketTime + TimeSpan.FromSeconds(5);

    /// <summary><c>Capacitor:UnknownChargers</c>. Default <c>reject</c>.</summary>
    public UnknownChargers UnknownChargers { get; set; }
}

[OptionsValidator]
internal sealed partial class OcppOptionsValidator : IValidateOptions<OcppOptions>;

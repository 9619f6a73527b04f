using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Capacitor.Api.Messages;

/// <summary>Settings of the message log at the edge: <c>Capacitor:MessageLog</c>.</summary>
public sealed class MessageLogOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Capacitor:MessageLog";

    /// <summary>Whether what chargers say and are told is logged. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How long messages wait to be written together. Default 1 second.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan Delay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How much of a message is kept; the rest of a longer one is left out. Default 16,384 bytes.</summary>
    [Range(256, MessageBuffer.TextSize / 2)]
    public int MaxTextBytes { get; set; } = 16_384;

    /// <summary>What a process keeps in memory of messages that are not written yet; what does not fit is dropped. Default 16 MiB.</summary>
    [Range(2 * MessageBuffer.Size, 1 << 30)]
    public int MaxBufferBytes { get; set; } = 16 << 20;
}

[OptionsValidator]
internal sealed partial class MessageLogOptionsValidator : IValidateOptions<MessageLogOptions>;

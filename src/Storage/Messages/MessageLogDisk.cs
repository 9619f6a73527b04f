using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Capacitor.Storage.Messages;

/// <summary>What the message log may take of the embedded store's disk: <c>Capacitor:MessageLog</c>.</summary>
public sealed class MessageLogDisk
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Capacitor:MessageLog";

    /// <summary>When its files are larger together, the oldest day's go first, whatever the tier. Default 10 GiB.</summary>
    [Range(1L << 20, long.MaxValue)]
    public long MaxDiskBytes { get; set; } = 10L << 30;
}

[OptionsValidator]
internal sealed partial class MessageLogDiskValidator : IValidateOptions<MessageLogDisk>;

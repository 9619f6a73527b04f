using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Capacitor.Api.Events;

/// <summary>Settings of what hands out events: <c>Capacitor:Events</c>.</summary>
public sealed class EventOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Capacitor:Events";

    /// <summary>Streams and waiting requests that one tenant may have open at this process. Default 100.</summary>
    [Range(1, 100_000)]
    public int MaxStreamsPerTenant { get; set; } = 100;

    /// <summary>How often a stream says that it lives, and looks whether its key still may. Default 15 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:30")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>A stream whose client takes nothing for so long is cut. Default a minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromMinutes(1);
}

[OptionsValidator]
internal sealed partial class EventOptionsValidator : IValidateOptions<EventOptions>;

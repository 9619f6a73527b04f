using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Capacitor.Grains.Webhooks;

/// <summary>How webhooks are delivered: the section <c>Capacitor:Webhooks</c>.</summary>
public sealed class WebhookOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Capacitor:Webhooks";

    /// <summary>True: webhooks may point to loopback, private and other non-public addresses. Default: true in the Development environment only.</summary>
    public bool? AllowPrivateNetworks { get; set; }

    /// <summary>What one attempt may take in all: name, connection, answer and its body. Default 5 seconds, as the API promises.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00", ErrorMessage = "Capacitor:Webhooks:Timeout must lie between 100 milliseconds and one minute.")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Chargers whose events one webhook posts at the same time; each has at most one request under way. Default 128.</summary>
    [Range(1, 10_000, ErrorMessage = "Capacitor:Webhooks:MaxConcurrency must lie between 1 and 10,000.")]
    public int MaxConcurrency { get; set; } = 128;

    /// <summary>Events that one webhook keeps in memory; those beyond it are read from the journal when their turn comes. Default 4,096.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Capacitor:Webhooks:MaxWaitingEvents must lie between 1 and 1,000,000.")]
    public int MaxWaitingEvents { get; set; } = 4_096;

    /// <summary>Bytes of events that one webhook keeps in memory. Default 8 MiB.</summary>
    [Range(65_536, 1_073_741_824, ErrorMessage = "Capacitor:Webhooks:MaxWaitingBytes must lie between 64 KiB and 1 GiB.")]
    public int MaxWaitingBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>Requests to webhooks that a process has under way at the same time, beside the first one of each webhook. Default 2,048.</summary>
    [Range(1, 100_000, ErrorMessage = "Capacitor:Webhooks:MaxInFlight must lie between 1 and 100,000.")]
    public int MaxInFlight { get; set; } = 2_048;

    /// <summary>Events of one webhook that wait for a retry; beyond it, later events get their first attempt only as these end. Default 1,000.</summary>
    [Range(1, 100_000, ErrorMessage = "Capacitor:Webhooks:MaxPending must lie between 1 and 100,000.")]
    public int MaxPending { get; set; } = 1_000;

    /// <summary>How old an event may get before its first attempt; an older one is not sent any more. Default 3 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00", ErrorMessage = "Capacitor:Webhooks:MaxEventAge must lie between one minute and 365 days.")]
    public TimeSpan MaxEventAge { get; set; } = TimeSpan.FromDays(3);

    /// <summary>Events a second that a replay sends to one webhook. Default 500.</summary>
    [Range(1, 100_000, ErrorMessage = "Capacitor:Webhooks:ReplayRate must lie between 1 and 100,000.")]
    public int ReplayRate { get; set; } = 500;

    /// <summary>How long lines of the delivery log wait to be written with others. Default 200 milliseconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10", ErrorMessage = "Capacitor:Webhooks:LogDelay must lie between 0 and 10 seconds.")]
    public TimeSpan LogDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Webhooks that one tenant may register. Default 1,000.</summary>
    [Range(1, 100_000, ErrorMessage = "Capacitor:Webhooks:MaxPerTenant must lie between 1 and 100,000.")]
    public int MaxPerTenant { get; set; } = 1_000;

    /// <summary>Networks such as <c>10.1.0.0/16</c> that webhooks may point to although they are not public. This machine's own addresses are among them only when they are named singly.</summary>
    public IReadOnlyList<string> AllowedNetworks { get; set; } = [];

    /// <summary>Networks that webhooks may never point to, public or not.</summary>
    public IReadOnlyList<string> DeniedNetworks { get; set; } = [];

    /// <summary>The DNS servers that are asked for the names of endpoints, each an address with or without a port. Default: none, and the system's resolver is asked.</summary>
    public IReadOnlyList<string> DnsServers { get; set; } = [];
}

[OptionsValidator]
internal sealed partial class WebhookOptionsValidator : IValidateOptions<WebhookOptions>;

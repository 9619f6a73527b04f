using Capacitor.Events;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

/// <summary>What a webhook must not forget.</summary>
[GenerateSerializer, Alias("capacitor.state.webhook")]
internal sealed class WebhookState : IHasOutbox
{
    /// <summary>In the clear, as long as the version before must read them; see <see cref="Sealed"/>.</summary>
    [Id(0)] public WebhookSettings? Clear { get; set; }

    /// <summary>Every matching event up to this position of the journal is done, or in the delivery log.</summary>
    [Id(1)] public long Position { get; set; }

    /// <summary>Replays that run or wait, oldest first, and behind them the last that ended.</summary>
    [Id(2)] public List<Replay> Replays { get; set; } = [];

    /// <summary>Since when nothing was delivered; kept only for a webhook that may be deactivated for it.</summary>
    [Id(3)] public DateTimeOffset? FailingSince { get; set; }

    /// <summary>Attempts that failed since then, as they were last counted.</summary>
    [Id(4)] public int Failures { get; set; }

    /// <summary>The part of its time, in percent, for which it was last warned of; 0: it was not.</summary>
    [Id(5)] public int Warned { get; set; }

    /// <summary>Why it is to be deactivated; null: it is not.</summary>
    [Id(6)] public string? Disabling { get; set; }

    /// <summary>How many events it has caused itself.</summary>
    [Id(7)] public long Events { get; set; }

    /// <summary>When the oldest event happened that it missed; null: it missed none, or all was sent since.</summary>
    [Id(8)] public DateTimeOffset? MissedSince { get; set; }

    /// <summary>What is registered; null, and none in the clear: nothing is.</summary>
    [Id(9)] public SealedSettings? Sealed { get; set; }

    /// <summary>When it last came to rest; null: never.</summary>
    [Id(10)] public DateTimeOffset? RestedAt { get; set; }

    [field: NonSerialized]
    public Outbox Outbox { get; } = new();
}

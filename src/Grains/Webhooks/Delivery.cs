using Capacitor.Events;

namespace Capacitor.Grains.Webhooks;

/// <summary>One event on its way to one webhook, linked twice: to the next of its charger, and to its neighbours by position.</summary>
internal sealed class Delivery(JournalEvent item, long ordinal, DeliveryLane lane)
{
    /// <summary>The event.</summary>
    public JournalEvent Event { get; } = item;

    /// <summary>Counts the webhook's events.</summary>
    public long Ordinal { get; } = ordinal;

    /// <summary>Its charger's lane.</summary>
    public DeliveryLane Lane { get; } = lane;

    /// <summary>The charger's next event.</summary>
    public Delivery? Behind { get; set; }

    /// <summary>The event before it, among those not yet done.</summary>
    public Delivery? Earlier { get; set; }

    /// <summary>The event after it, among those not yet done.</summary>
    public Delivery? Later { get; set; }
}

/// <summary>One charger's events, first in first out.</summary>
internal sealed class DeliveryLane
{
    /// <summary>The charger's next event to start; null when none waits.</summary>
    public Delivery? First { get; set; }

    /// <summary>The last that waits.</summary>
    public Delivery? Last { get; set; }

    /// <summary>True while one of its events is under way.</summary>
    public bool Busy { get; set; }
}

using Capacitor.Events;

namespace Capacitor.Grains.Webhooks;

/// <summary>One event on its way to one webhook for the first time, linked twice: to the next of its charger, and to its neighbours by position.</summary>
internal sealed class Delivery(JournalEvent item, long ordinal, DeliveryLane lane) : Job
{
    /// <summary>The event.</summary>
    public JournalEvent Event { get; } = item;

    /// <summary>Counts the webhook's events.</summary>
    public long Ordinal { get; } = ordinal;

    /// <summary>Its charger's lane.</summary>
    public DeliveryLane Lane { get; } = lane;

    /// <summary>True once it is not to be given up any more: an attempt began, or it was decided without one.</summary>
    public bool IsTaken { get; set; }

    /// <summary>True when a newer event took its place.</summary>
    public bool IsSuperseded { get; set; }

    /// <summary>An event of the charger that was to come before it and has not been delivered.</summary>
    public string? Gap { get; set; }

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

    /// <summary>True while one of its events is under way, or holds up the others.</summary>
    public bool Busy { get; set; }

    /// <summary>The id of an event that did not get through before its next one.</summary>
    public string? Gap { get; set; }
}

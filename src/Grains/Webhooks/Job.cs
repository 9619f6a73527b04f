namespace Capacitor.Grains.Webhooks;

/// <summary>Which share of the process an attempt comes out of.</summary>
internal enum SlotClass
{
    /// <summary>An event's first attempt.</summary>
    Live = 0,

    /// <summary>A later one.</summary>
    Retry = 1,

    /// <summary>One of a replay.</summary>
    Replay = 2,
}

/// <summary>A request that may be under way. <paramref name="IsOwn"/>: the one that every webhook has for itself.</summary>
internal readonly record struct Slot(SlotClass Class, bool IsOwn, bool IsUnproven);

/// <summary>Something that a worker is to attempt.</summary>
internal abstract class Job
{
    /// <summary>What it holds while it is under way.</summary>
    public Slot Slot { get; set; }

    /// <summary>The place it holds, too, while its endpoint has not been heard yet.</summary>
    public StartLine.Start? Start { get; set; }

    /// <summary>The delivery that nobody else may attempt meanwhile; null: nobody else can.</summary>
    public virtual string? DeliveryId => null;
}

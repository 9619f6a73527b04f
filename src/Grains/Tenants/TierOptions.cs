using Capacitor.Tenants;

namespace Capacitor.Grains.Tenants;

/// <summary>What each tier allows; configured under <c>Capacitor:Tiers</c>. An empty value means no limit.</summary>
internal sealed class TierOptions
{
    public const string Section = "Capacitor:Tiers";

    public TierLimits Free { get; init; } = new()
    {
        Chargers = 1, ApiCallsPerDay = 50, Webhooks = false, MostWebhooks = 0, DeliveryLogDays = 3, MessageLogDays = 1, CallsPerSecond = 2, CallsAtOnce = 50,
        MostIdTags = 10,
    };

    public TierLimits Starter { get; init; } = new()
    {
        Chargers = 5, ApiCallsPerDay = 1_000, MostWebhooks = 5, DeliveryLogDays = 3, MessageLogDays = 3, CallsPerSecond = 10, CallsAtOnce = 50,
    };

    public TierLimits Growth { get; init; } = new()
    {
        Chargers = 100, ApiCallsPerDay = 10_000, MostWebhooks = 25, DeliveryLogDays = 30, MessageLogDays = 14, CallsPerSecond = 50, CallsAtOnce = 200,
    };

    public TierLimits Scale { get; init; } = new() { DeliveryLogDays = 90, MessageLogDays = 30, CallsPerSecond = 1_000, CallsAtOnce = 5_000 };

    public TierLimits Of(Tier tier) => tier switch
    {
        Tier.Free => Free,
        Tier.Starter => Starter,
        Tier.Growth => Growth,
        Tier.Scale => Scale,
        _ => throw new ArgumentOutOfRangeException(nameof(tier), tier, "There is no such tier."),
    };

    /// <summary>The smallest tier that allows more chargers than <paramref name="chargers"/>, or null.</summary>
    public Tier? WithMoreChargersThan(int chargers) => Smallest(limits => limits.Chargers is not { } limit || limit > chargers);

    /// <summary>The smallest tier that includes webhooks and allows more than <paramref name="webhooks"/>, or null.</summary>
    public Tier? WithMoreWebhooksThan(int webhooks) => Smallest(limits => limits.Webhooks && (limits.MostWebhooks is not { } limit || limit > webhooks));

    /// <summary>The smallest tier that allows more than <paramref name="idTags"/>, or null.</summary>
    public Tier? WithMoreIdTagsThan(int idTags) => Smallest(limits => limits.MostIdTags is not { } limit || limit > idTags);

    private Tier? Smallest(Func<TierLimits, bool> allows)
    {
        foreach (var tier in Enum.GetValues<Tier>())
        {
            if (allows(Of(tier)))
            {
                return tier;
            }
        }

        return null;
    }
}

/// <summary>The limits of one tier.</summary>
internal sealed class TierLimits
{
    /// <summary>Chargers a tenant may register; null: no limit.</summary>
    public int? Chargers { get; init; }

    /// <summary>API calls per day in UTC; null: no limit.</summary>
    public int? ApiCallsPerDay { get; init; }

    /// <summary>True when webhooks are included.</summary>
    public bool Webhooks { get; init; } = true;

    /// <summary>Webhooks a tenant may register; null: as many as the installation allows anybody.</summary>
    public int? MostWebhooks { get; init; }

    /// <summary>How many days the log keeps a delivery that has ended.</summary>
    public int DeliveryLogDays { get; init; } = 30;

    /// <summary>How many days the message log keeps what a charger said and was told.</summary>
    public int MessageLogDays { get; init; } = 14;

    /// <summary>API calls that one key may make per second for long; null: no limit.</summary>
    public double? CallsPerSecond { get; init; }

    /// <summary>API calls that one key may make at once after a rest; null: no limit.</summary>
    public int? CallsAtOnce { get; init; }

    /// <summary>True when there is a limit to calls in quick succession.</summary>
    public bool BoundsBursts => CallsPerSecond is not null && CallsAtOnce is not null;

    /// <summary>Id tags a tenant may register; null: no limit.</summary>
    public int? MostIdTags { get; init; }
}

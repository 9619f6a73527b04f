namespace Capacitor.Tenants;

/// <summary>What a tenant has paid for; limits per tier are configuration.</summary>
public enum Tier
{
    /// <summary>One charger, no webhooks.</summary>
    Free = 0,

    /// <summary>Five chargers, webhooks.</summary>
    Starter = 1,

    /// <summary>A hundred chargers, webhooks.</summary>
    Growth = 2,

    /// <summary>No limits.</summary>
    Scale = 3,
}

using Capacitor.Tenants;

namespace Capacitor.Api.Security;

/// <summary>Endpoint metadata: an API key is needed.</summary>
internal sealed record RequiresApiKey;

/// <summary>Endpoint metadata: <paramref name="What"/> is for tenants whose tier includes webhooks.</summary>
internal sealed record RequiresWebhooks(string What);

/// <summary>Endpoint metadata: <paramref name="What"/> is for tenants of <paramref name="Tier"/> or above.</summary>
internal sealed record RequiresTier(Tier Tier, string What);

/// <summary>Endpoint metadata: the operator's key is needed.</summary>
internal sealed record RequiresAdminKey;

internal static class Requirements
{
    public static T RequireApiKey<T>(this T endpoints)
        where T : IEndpointConventionBuilder => endpoints.WithMetadata(new RequiresApiKey());

    public static T RequireWebhooks<T>(this T endpoints)
        where T : IEndpointConventionBuilder => endpoints.WithMetadata(new RequiresWebhooks("Webhooks"));

    public static T RequireTier<T>(this T endpoints, Tier tier, string what)
        where T : IEndpointConventionBuilder => endpoints.WithMetadata(new RequiresTier(tier, what));

    public static T RequireAdminKey<T>(this T endpoints)
        where T : IEndpointConventionBuilder => endpoints.WithMetadata(new RequiresAdminKey());
}

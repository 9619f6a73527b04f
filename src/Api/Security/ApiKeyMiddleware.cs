using System.Globalization;
using Capacitor.Api.Errors;
using Capacitor.Tenants;

namespace Capacitor.Api.Security;

/// <summary>Stands before every endpoint that needs an API key: who asks (401), may they (403), have they calls left (429).</summary>
internal sealed class ApiKeyMiddleware(RequestDelegate next, IGrainFactory grains, TimeProvider time)
{
    public Task InvokeAsync(HttpContext context) =>
        context.GetEndpoint()?.Metadata is { } metadata && metadata.GetMetadata<RequiresApiKey>() is not null ? EnterAsync(context, metadata) : next(context);

    private async Task EnterAsync(HttpContext context, EndpointMetadataCollection metadata)
    {
        var (access, refusal) = await AskAsync(context, metadata);
        if (access is not null)
        {
            TellLimits(context.Response, access);
            context.Features.Set(new Caller(access.Tenant));
        }

        await (refusal is null ? next(context) : refusal.ExecuteAsync(context));
    }

    private async Task<(TenantAccess? Access, ApiError? Refusal)> AskAsync(HttpContext context, EndpointMetadataCollection metadata)
    {
        var key = PresentedKey.Of(context.Request);
        if (key is null)
        {
            return (null, Unauthorized(context, "An API key is needed: send it as X-API-Key, or as Authorization: Bearer."));
        }

        var access = PresentedKey.IsPlausible(key) && await grains.GetGrain<IApiKeyGrain>(ApiKeyHash.Of(key).GrainKey).FindAsync() is { } owner
            ? await grains.GetGrain<ITenantGrain>(owner.Tenant.GrainKey).EnterAsync(owner.KeyId)
            : null;
        return (access, access is null ? Unauthorized(context, "The API key is unknown or revoked.") : Refuse(access, metadata));
    }

    private ApiError? Refuse(TenantAccess access, EndpointMetadataCollection metadata)
    {
        if (access.Tenant.Suspended)
        {
            return Forbidden("This account is suspended.", null);
        }

        if (!access.WithinDailyLimit)
        {
            return ApiError.Of(StatusCodes.Status429TooManyRequests, $"All {access.DailyLimit} calls of this day are used; the count starts again at midnight UTC.",
                SecondsUntil(access.ResetsAt));
        }

        if (!access.WebhooksIncluded && metadata.GetMetadata<RequiresWebhooks>() is { } webhooks)
        {
            return TierTooLow(access.Tenant.Tier, Tier.Starter, webhooks.What);
        }

        return metadata.GetMetadata<RequiresTier>() is { } required && access.Tenant.Tier < required.Tier
            ? TierTooLow(access.Tenant.Tier, required.Tier, required.What)
            : null;
    }

    private void TellLimits(HttpResponse response, TenantAccess access)
    {
        if (access.DailyLimit is { } limit)
        {
            response.Headers["RateLimit-Limit"] = limit.ToString(CultureInfo.InvariantCulture);
            response.Headers["RateLimit-Remaining"] = Math.Max(0, access.DailyRemaining ?? 0).ToString(CultureInfo.InvariantCulture);
            response.Headers["RateLimit-Reset"] = SecondsUntil(access.ResetsAt).ToString(CultureInfo.InvariantCulture);
        }
    }

    private int SecondsUntil(DateTimeOffset reset) => Math.Max(1, (int)Math.Ceiling((reset - time.GetUtcNow()).TotalSeconds));

    private static ApiError Unauthorized(HttpContext context, string message)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer realm=\"capacitor\"";
        return ApiError.Of(StatusCodes.Status401Unauthorized, message);
    }

    private static ApiError TierTooLow(Tier current, Tier required, string what) => Forbidden(
        $"{what} need the {required} tier or above; this account is on the {current} tier.",
        new() { RequiredTier = TierName.Of(required), CurrentTier = TierName.Of(current) });

    private static ApiError Forbidden(string message, ErrorDetails? details) =>
        new(StatusCodes.Status403Forbidden, ErrorCodes.Forbidden, message, details);
}

using System.Globalization;
using Capacitor.Api.Errors;
using Capacitor.Tenants;

namespace Capacitor.Api.Security;

/// <summary>Stands before every endpoint that needs an API key: who asks (401), may they (403), have they calls left (429).</summary>
internal sealed class ApiKeyMiddleware(RequestDelegate next, IGrainFactory grains, TimeProvider time)
{
    private const string Api = "/api/v1";
    private const string Admin = Api + "/admin";

    public Task InvokeAsync(HttpContext context)
    {
        var metadata = context.GetEndpoint()?.Metadata ?? EndpointMetadataCollection.Empty;
        return metadata.GetMetadata<RequiresApiKey>() is not null ? EnterAsync(context, metadata)
            : LeadsNowhere(context.Request, metadata) && PresentedKey.Of(context.Request) is { } key ? PassAsync(context, metadata, key)
            : next(context);
    }

    // A path or method that there is not: a wrong call like others, for who has a key. Who has none learns no more than that there is nothing.
    private static bool LeadsNowhere(HttpRequest request, EndpointMetadataCollection metadata) =>
        metadata.GetMetadata<RequiresAdminKey>() is null && request.Path.StartsWithSegments(Api) && !request.Path.StartsWithSegments(Admin)
        && !HttpMethods.IsOptions(request.Method);

    private async Task PassAsync(HttpContext context, EndpointMetadataCollection metadata, string key)
    {
        var access = await FindAccessAsync(key);
        if (access is not null)
        {
            TellLimits(context.Response, access);
        }

        await (access is not null && Refuse(access, metadata) is { } refusal ? refusal.ExecuteAsync(context) : next(context));
    }

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

        var access = await FindAccessAsync(key);
        return (access, access is null ? Unauthorized(context, "The API key is unknown or revoked.") : Refuse(access, metadata));
    }

    private async Task<TenantAccess?> FindAccessAsync(string key) =>
        PresentedKey.IsPlausible(key) && await grains.GetGrain<IApiKeyGrain>(ApiKeyHash.Of(key).GrainKey).FindAsync() is { } owner
            ? await grains.GetGrain<ITenantGrain>(owner.Tenant.GrainKey).EnterAsync(owner.KeyId)
            : null;

    private ApiError? Refuse(TenantAccess access, EndpointMetadataCollection metadata)
    {
        if (access.Tenant.Suspended)
        {
            return Forbidden("This account is suspended.", null);
        }

        if (access.Burst is { RetryAfter: { } wait } burst)
        {
            return ApiError.Of(StatusCodes.Status429TooManyRequests, string.Create(
                CultureInfo.InvariantCulture,
                $"Too many calls at once with this API key: {burst.PerSecond} a second are allowed, and {burst.Size} after a rest. This one does not count as a call of the day."),
                WholeSeconds(wait));
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

    // The day's calls, where they are limited; else those at once, which are all that can be used up then.
    private void TellLimits(HttpResponse response, TenantAccess access)
    {
        if (access.DailyLimit is { } limit)
        {
            TellLimit(response, limit, access.DailyRemaining ?? 0, SecondsUntil(access.ResetsAt));
        }
        else if (access.Burst is { } burst)
        {
            TellLimit(response, burst.Size, burst.Remaining, WholeSeconds(burst.FullIn));
        }
    }

    private static void TellLimit(HttpResponse response, int limit, int remaining, int reset)
    {
        response.Headers["RateLimit-Limit"] = limit.ToString(CultureInfo.InvariantCulture);
        response.Headers["RateLimit-Remaining"] = Math.Max(0, remaining).ToString(CultureInfo.InvariantCulture);
        response.Headers["RateLimit-Reset"] = reset.ToString(CultureInfo.InvariantCulture);
    }

    private int SecondsUntil(DateTimeOffset reset) => WholeSeconds(reset - time.GetUtcNow());

    private static int WholeSeconds(TimeSpan time) => Math.Max(1, (int)Math.Ceiling(time.TotalSeconds));

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

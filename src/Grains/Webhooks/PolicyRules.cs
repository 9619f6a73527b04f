using Capacitor.Events;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

/// <summary>How a webhook may want its events delivered.</summary>
internal static class PolicyRules
{
    /// <summary>What may be conflated.</summary>
    public static readonly IReadOnlyList<string> Conflatable = [EventTypes.TransactionUpdated, EventTypes.ConnectorStatusChanged];

    private const int MaxAttempts = 10;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    /// <summary>Checks a policy; null when it is what is documented anyway.</summary>
    public static WebhookPolicy? Read(WebhookPolicy? policy)
    {
        if (policy is null)
        {
            return null;
        }

        Check(policy.Retry);
        if (policy.StrictFor < Second || policy.StrictFor > Day)
        {
            throw WebhookRules.Wrong("orderingTimeoutSeconds", $"The orderingTimeoutSeconds are {policy.StrictFor.TotalSeconds:0}; 1 to 86400 are allowed.");
        }

        if (policy.Timeout is { } timeout && (timeout < Second || timeout > TimeSpan.FromSeconds(30)))
        {
            throw WebhookRules.Wrong("timeoutSeconds", $"The timeoutSeconds are {timeout.TotalSeconds:0}; 1 to 30 are allowed.");
        }

        if (policy.Conflate.FirstOrDefault(name => !Conflatable.Contains(name)) is { } other)
        {
            throw WebhookRules.Wrong("conflate", $"'conflate' contains '{(other.Length > 64 ? other[..64] + "…" : other)}'. Allowed are {string.Join(" and ", Conflatable)}.");
        }

        if (policy.DisableAfter is { } after && (after < TimeSpan.FromHours(1) || after > TimeSpan.FromHours(720)))
        {
            throw WebhookRules.Wrong("disableAfterHours", $"The disableAfterHours are {after.TotalHours:0}; 1 to 720 are allowed.");
        }

        var read = policy with { Conflate = policy.Conflate.Distinct().ToList().AsReadOnly() };
        return IsDocumented(read) ? null : read;
    }

    /// <summary>A policy after a change, not yet checked.</summary>
    public static WebhookPolicy Over(WebhookPolicy? before, WebhookPatch patch)
    {
        var policy = before ?? WebhookPolicy.Documented;
        return new()
        {
            Retry = patch.Retry.Over(policy.Retry),
            StrictOrder = patch.StrictOrder.Over(policy.StrictOrder) ?? WebhookPolicy.Documented.StrictOrder,
            StrictFor = patch.StrictFor.Over(policy.StrictFor) ?? WebhookPolicy.Documented.StrictFor,
            Timeout = patch.Timeout.Over(policy.Timeout),
            Conflate = patch.Conflate.Over(policy.Conflate) ?? [],
            DisableAfter = patch.DisableAfter.Over(policy.DisableAfter),
        };
    }

    private static void Check(RetryPolicy? retry)
    {
        if (retry is null)
        {
            return;
        }

        if (retry.MaxAttempts is < 1 or > MaxAttempts)
        {
            throw WebhookRules.Wrong("retryPolicy.maxAttempts", $"The maxAttempts of the retryPolicy are {retry.MaxAttempts}; 1 to {MaxAttempts} are allowed, the first attempt included.");
        }

        if (retry.Delays is not { } delays)
        {
            return;
        }

        if (delays.Count == 0 || delays.Count >= retry.MaxAttempts)
        {
            var allowed = retry.MaxAttempts == 1 ? "with maxAttempts 1 there is none: leave them out" : $"1 to {retry.MaxAttempts - 1} are allowed, one before each attempt but the first; the last one repeats";
            throw WebhookRules.Wrong("retryPolicy.delaysSeconds", $"The delaysSeconds of the retryPolicy have {delays.Count} entries; {allowed}.");
        }

        foreach (var delay in delays)
        {
            if (delay < Second || delay > Day)
            {
                throw WebhookRules.Wrong("retryPolicy.delaysSeconds", $"The delaysSeconds of the retryPolicy contain {delay.TotalSeconds:0}; 1 to 86400 are allowed.");
            }
        }
    }

    private static bool IsDocumented(WebhookPolicy policy)
    {
        var documented = WebhookPolicy.Documented;
        return policy is { Retry: null, Timeout: null, Conflate.Count: 0, DisableAfter: null } && policy.StrictOrder == documented.StrictOrder && policy.StrictFor == documented.StrictFor;
    }
}

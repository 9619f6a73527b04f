using Capacitor.Tenants;
using Microsoft.Extensions.Options;

namespace Capacitor.Grains.Tenants;

internal sealed class TierOptionsValidator : IValidateOptions<TierOptions>
{
    public ValidateOptionsResult Validate(string? name, TierOptions options)
    {
        var failures = new List<string>();
        foreach (var tier in Enum.GetValues<Tier>())
        {
            var limits = options.Of(tier);
            Check(tier, nameof(limits.Chargers), limits.Chargers);
            Check(tier, nameof(limits.ApiCallsPerDay), limits.ApiCallsPerDay);
            Check(tier, nameof(limits.MostWebhooks), limits.MostWebhooks);
            Check(tier, nameof(limits.MostIdTags), limits.MostIdTags);
            if (limits.CallsPerSecond is { } rate && !(rate is >= 0.01 and <= 1_000_000))
            {
                failures.Add($"{TierOptions.Section}:{tier}:{nameof(limits.CallsPerSecond)} is {rate}; give 0.01 to 1000000, or leave it empty for no limit.");
            }

            if (limits.CallsAtOnce < 1)
            {
                failures.Add($"{TierOptions.Section}:{tier}:{nameof(limits.CallsAtOnce)} is {limits.CallsAtOnce}; give 1 or more, or leave it empty for no limit.");
            }

            CheckDays(tier, nameof(limits.DeliveryLogDays), limits.DeliveryLogDays);
            CheckDays(tier, nameof(limits.MessageLogDays), limits.MessageLogDays);
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(Tier tier, string member, int? value)
        {
            if (value < 0)
            {
                failures.Add($"{TierOptions.Section}:{tier}:{member} is {value}; give 0 or more, or leave it empty for no limit.");
            }
        }

        void CheckDays(Tier tier, string member, int value)
        {
            if (value is < 1 or > 3_650)
            {
                failures.Add($"{TierOptions.Section}:{tier}:{member} is {value}; give 1 to 3650 days.");
            }
        }
    }
}

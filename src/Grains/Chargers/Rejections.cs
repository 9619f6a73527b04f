using Capacitor.Chargers;

namespace Capacitor.Grains.Chargers;

/// <summary>
/// How often a charger's refused handshakes are told: anybody can make them, and nobody shall fill a tenant's journal with them. Of each reason one a minute; the next one says how many were left
/// out. Kept in memory only: who starts anew tells one too many at worst.
/// </summary>
internal sealed class Rejections
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Dictionary<AdmissionRefusal, (DateTimeOffset ToldAt, int Untold)> _reasons = [];

    /// <summary>How many went untold since the last one that was told; null: this one is not to be told either.</summary>
    public int? Tell(AdmissionRefusal refusal, DateTimeOffset now)
    {
        if (_reasons.TryGetValue(refusal, out var before) && now - before.ToldAt < Pause)
        {
            _reasons[refusal] = before with { Untold = before.Untold + 1 };
            return null;
        }

        _reasons[refusal] = (now, 0);
        return before.Untold;
    }

    /// <summary>It could not be told after all.</summary>
    public void Miss(AdmissionRefusal refusal, int suppressed) => _reasons[refusal] = _reasons[refusal] with { Untold = suppressed + 1 };
}

using Capacitor.Chargers;
using Capacitor.Events;

namespace Capacitor.Storage;

/// <summary>How texts are stored and found again, in every store.</summary>
internal static class StoredText
{
    /// <summary>Ids that differ only in case are one charger.</summary>
    public static string ChargerKey(ChargeBoxId id) => id.Value.ToUpperInvariant();

    /// <summary>What is stored of a charger that may be <see cref="ChargeBoxId.None"/>.</summary>
    public static string? ChargerOrNull(ChargeBoxId id) => id == ChargeBoxId.None ? null : id.Value;

    /// <summary>The one string that stands for a known type, so that long reads do not hold thousands of copies.</summary>
    public static string EventTypeOf(string text)
    {
        foreach (var known in EventTypes.All)
        {
            if (known == text)
            {
                return known;
            }
        }
        return text;
    }
}

using Capacitor.Chargers;
using Capacitor.Events;

namespace Capacitor.Storage;

/// <summary>How texts are stored and found again, in every store.</summary>
internal static class StoredText
{
    /// <summary>Ids that differ only in case are one charger.</summary>
    public static string ChargerKey(ChargeBoxId id) => id.Value.ToUpperInvariant();

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

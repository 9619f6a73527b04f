using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Capacitor.Grains.Chargers;

/// <summary>
/// An event's id, derived from the charger's registration and the number of its event. The number is part of the state that commits with the event:
/// so a commit that failed is repeated under the same id, and no two events share one, whatever a charger makes of its message ids.
/// </summary>
internal static class EventId
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int Digits = 26;

    public static string Derive(string chargerId, long sequence)
    {
        var hash = XxHash128.HashToUInt128(MemoryMarshal.AsBytes(chargerId.AsSpan()), sequence);
        return string.Create(4 + Digits, hash, static (text, value) =>
        {
            "evt_".CopyTo(text);
            for (var i = text.Length - 1; i >= 4; i--)
            {
                text[i] = Alphabet[(int)(uint)(value & 31)];
                value >>= 5;
            }
        });
    }
}

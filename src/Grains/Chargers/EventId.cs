using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Capacitor.Grains.Chargers;

/// <summary>Derives an event's id from what it stands for, so that handling a message again cannot make a second event.</summary>
internal static class EventId
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int Digits = 26;

    public static string Derive(string chargerId, long epoch, string messageId, string type, int ordinal)
    {
        var hash = new XxHash128();
        Append(hash, chargerId);
        Append(hash, messageId);
        Append(hash, type);
        Span<byte> numbers = stackalloc byte[12];
        BinaryPrimitives.WriteInt64LittleEndian(numbers, epoch);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[8..], ordinal);
        hash.Append(numbers);
        return string.Create(4 + Digits, hash.GetCurrentHashAsUInt128(), static (text, value) =>
        {
            "evt_".CopyTo(text);
            for (var i = text.Length - 1; i >= 4; i--)
            {
                text[i] = Alphabet[(int)(uint)(value & 31)];
                value >>= 5;
            }
        });
    }

    private static void Append(XxHash128 hash, string text)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
        hash.Append(length);
        hash.Append(MemoryMarshal.AsBytes(text.AsSpan()));
    }
}

using System.IO.Hashing;
using System.Runtime.InteropServices;
using Capacitor.Chargers;

namespace Capacitor.Api.Ocpp;

/// <summary>
/// The last answers of one connection. A charger that missed an answer sends its CALL again, often with the same message id, and must
/// get the same answer; an id may not mean two things (OCPP-J 1.6 §4.1.4). Kept as hashes: an idle connection carries this for ever.
/// </summary>
internal sealed class RecentAnswers
{
    private const int Kept = 8;
    private const int FirstSize = 2;

    private Entry[] _entries = [];
    private int _count;
    private int _next;

    /// <summary>The answer that an equal CALL got, or null; <paramref name="conflicts"/> tells that the id was used for something else.</summary>
    public ChargerAnswer? Find(ChargerCall call, out bool conflicts)
    {
        conflicts = false;
        if (_count == 0)
        {
            return null;
        }

        var id = HashId(call.MessageId);
        foreach (ref readonly var entry in _entries.AsSpan(0, _count))
        {
            if (entry.Id == id)
            {
                if (entry.Content == HashContent(call))
                {
                    conflicts = false;
                    return entry.Answer;
                }

                conflicts = true;
            }
        }

        return null;
    }

    /// <summary>Remembers an answer; the oldest is forgotten.</summary>
    public void Add(ChargerCall call, ChargerAnswer answer)
    {
        if (_count == _entries.Length && _count < Kept)
        {
            Array.Resize(ref _entries, Math.Max(FirstSize, _count * 2));
        }

        if (_count < _entries.Length)
        {
            _next = _count++;
        }

        _entries[_next] = new Entry(HashId(call.MessageId), HashContent(call), answer);
        _next = (_next + 1) % Kept;
    }

    private static ulong HashId(string id) => XxHash64.HashToUInt64(MemoryMarshal.AsBytes(id.AsSpan()));

    private static ulong HashContent(ChargerCall call) =>
        XxHash64.HashToUInt64(call.Payload.Span, unchecked((long)XxHash64.HashToUInt64(MemoryMarshal.AsBytes(call.Action.AsSpan()))));

    private readonly record struct Entry(ulong Id, ulong Content, ChargerAnswer Answer);
}

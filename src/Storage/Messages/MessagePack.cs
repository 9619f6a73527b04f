using Capacitor.Messages;

namespace Capacitor.Storage.Messages;

/// <summary>
/// Some messages of one charger that were written together: what is stored as a row, since a row for each would cost more than all the rest. Those of one pack
/// are of one day in UTC and less than <see cref="LongestSpan"/> apart; packs of one charger may overlap when it has changed its gateway.
/// </summary>
internal readonly record struct MessagePack(string Charger, long First, long Last, int KeptDays, ReadOnlyMemory<byte> Data)
{
    /// <summary>A pack is closed at this size: whoever reads one message reads its pack.</summary>
    public const int LargeData = 64 * 1024;

    /// <summary>In positions.</summary>
    public static readonly long LongestSpan = MessagePosition.Within(TimeSpan.FromMinutes(1));

    public DateOnly Day => DayOf(Last);

    /// <summary>The first day on which it need not be there any more.</summary>
    public DateOnly Expires => ExpiryOf(Day, KeptDays);

    public static DateOnly DayOf(long position) => DateOnly.FromDateTime(MessagePosition.At(position).UtcDateTime);

    public static DateOnly ExpiryOf(DateOnly day, int keptDays) => day.AddDays(keptDays + 1);
}

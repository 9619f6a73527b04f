using System.Globalization;
using Capacitor.Storage.Messages;

namespace Capacitor.Storage.Sqlite;

/// <summary>A file of the message log: <c>2026-02-06.14.db</c> holds the messages of that day that are kept for 14 days more.</summary>
internal sealed record SqliteMessageFile(DateOnly Day, int KeptDays)
{
    private const string DayFormat = "yyyy-MM-dd";
    private const string Extension = ".db";

    private static readonly string[] Companions = ["", "-wal", "-shm"];

    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Day.ToString(DayFormat, CultureInfo.InvariantCulture)}.{KeptDays}{Extension}");

    public DateOnly Expires => MessagePack.ExpiryOf(Day, KeptDays);

    /// <summary>Null: the file is none of ours, or one that belongs to another.</summary>
    public static SqliteMessageFile? Parse(string path)
    {
        var parts = Path.GetFileName(path).Split('.');
        return parts is [var day, var days, "db"]
            && DateOnly.TryParseExact(day, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var of)
            && int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out var kept)
            ? new(of, kept)
            : null;
    }

    public bool MayHold(long from, long before) => Day >= MessagePack.DayOf(from) && Day <= MessagePack.DayOf(before);

    public string PathIn(string folder) => Path.Combine(folder, Name);

    public long SizeIn(string folder) => Companions.Select(end => new FileInfo(PathIn(folder) + end)).Where(file => file.Exists).Sum(file => file.Length);

    public void DeleteIn(string folder)
    {
        foreach (var end in Companions)
        {
            File.Delete(PathIn(folder) + end);
        }
    }
}

namespace Capacitor.Storage.Sqlite;

/// <summary>Times are stored as microseconds since 1970 in UTC.</summary>
internal static class SqliteTime
{
    public static long Micros(this DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset FromMicros(long micros) => DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);
}

namespace Capacitor.Storage.Postgres;

/// <summary>Times are stored to the microsecond, in UTC.</summary>
internal static class PostgresTime
{
    public static DateTime Stored(this DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc);

    public static DateTimeOffset FromStored(DateTime time) => new(time, TimeSpan.Zero);
}

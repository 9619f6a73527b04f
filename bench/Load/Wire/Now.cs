using System.Text;

namespace Capacitor.Load.Wire;

/// <summary>The time as chargers write it, made once a millisecond.</summary>
internal static class Now
{
    private static Stamp s_latest = new(0, []);

    public static ReadOnlySpan<byte> Text
    {
        get
        {
            var tick = Environment.TickCount64;
            var latest = s_latest;
            if (latest.Tick != tick)
            {
                var text = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", null);
                s_latest = latest = new Stamp(tick, Encoding.ASCII.GetBytes(text));
            }

            return latest.Text;
        }
    }

    private sealed record Stamp(long Tick, byte[] Text);
}

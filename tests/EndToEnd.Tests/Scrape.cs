using System.Globalization;

namespace Capacitor.EndToEnd.Tests;

/// <summary>What <c>/metrics</c> said at one moment.</summary>
internal sealed class Scrape(string text)
{
    public static async Task<Scrape> TakeAsync(ServerProcess server) => new(await server.Http.GetStringAsync("/metrics"));

    /// <summary>The sum of the samples of this name that carry all of these labels, each written as <c>name="value"</c>; null when there is none.</summary>
    public double? Sum(string name, params string[] labels)
    {
        double? sum = null;
        foreach (var line in text.Split('\n'))
        {
            var end = line.IndexOfAny(['{', ' ']);
            if (end < 0 || line[..end] != name || !labels.All(label => line.Contains(label, StringComparison.Ordinal)))
            {
                continue;
            }

            var value = line[(Math.Max(line.LastIndexOf('}'), end) + 1)..].Trim();
            sum = (sum ?? 0) + double.Parse(value.Split(' ')[0], CultureInfo.InvariantCulture);
        }

        return sum;
    }
}

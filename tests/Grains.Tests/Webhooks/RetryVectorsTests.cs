using System.Text.Json;
using Capacitor.Grains.Webhooks;
using Capacitor.Webhooks;
using Xunit;

namespace Capacitor.Grains.Tests.Webhooks;

/// <summary>The vectors of <c>docs/conformance/retries.json</c>, against the schedule.</summary>
public sealed class RetryVectorsTests
{
    public static TheoryData<string> Names => [.. Vectors().Select(vector => vector.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void After_OfEachVector_LiesBetweenItsBounds(string name)
    {
        var vector = Vectors().Single(vector => vector.GetProperty("name").GetString() == name);
        var stated = vector.GetProperty("policy");
        var policy = new RetryPolicy
        {
            MaxAttempts = stated.GetProperty("maxAttempts").GetInt32(),
            Delays = stated.TryGetProperty("delaysSeconds", out var delays) ? [.. delays.EnumerateArray().Select(Seconds)] : null,
        };
        var asked = vector.TryGetProperty("retryAfterSeconds", out var after) ? Seconds(after) : (TimeSpan?)null;

        TimeSpan Pause(double chance) => RetrySchedule.After(policy, vector.GetProperty("attempts").GetInt32(), asked, chance);
        Assert.Equal(vector.GetProperty("minSeconds").GetDouble(), Pause(0).TotalSeconds, 3);
        Assert.Equal(vector.GetProperty("maxSeconds").GetDouble(), Pause(1).TotalSeconds, 3);
        Assert.InRange(Pause(0.5), Pause(0), Pause(1));
    }

    private static TimeSpan Seconds(JsonElement number) => TimeSpan.FromSeconds(number.GetDouble());

    private static List<JsonElement> Vectors()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "..", "docs", "conformance", "retries.json");
        return [.. JsonElement.Parse(File.ReadAllText(file)).GetProperty("vectors").EnumerateArray()];
    }
}

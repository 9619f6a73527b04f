using System.Text.Json;

namespace Capacitor.Api.Tests;

/// <summary>Reads a tenant's events as anybody would.</summary>
internal static class EventReading
{
    /// <summary>The data of all events of a type, or of several, in their order.</summary>
    public static async Task<List<JsonElement>> DataOfAsync(this HttpClient http, string types)
    {
        var reply = await http.SendAsync("GET", $"/api/v1/events?type={types}&limit=1000");
        Assert.Equal(200, reply.Status);
        return [.. reply.Json.GetProperty("events").EnumerateArray().Select(item => item.GetProperty("data"))];
    }

    /// <summary>The names of all events of a group, in their order.</summary>
    public static async Task<List<string>> NamesOfAsync(this HttpClient http, string types)
    {
        var reply = await http.SendAsync("GET", $"/api/v1/events?type={types}&limit=1000");
        Assert.Equal(200, reply.Status);
        return [.. reply.Json.GetProperty("events").EnumerateArray().Select(item => item.GetProperty("event").GetString()!)];
    }

    /// <summary>The first event of a type, which may be still to come.</summary>
    public static async Task<JsonElement> AwaitAsync(this HttpClient http, string type)
    {
        var cursor = "0";
        for (var asked = 0; asked < 5; asked++)
        {
            var reply = await http.SendAsync("GET", $"/api/v1/events?type={type}&wait=20&after={cursor}");
            if (reply.Json.GetProperty("events").EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } found)
            {
                return found.GetProperty("data");
            }

            cursor = reply.Json.GetProperty("pagination").GetProperty("nextCursor").GetString()!;
        }

        throw new TimeoutException($"{type} does not come.");
    }
}

using System.Text.Json;

namespace Capacitor.Cluster.Tests;

/// <summary>An event as the journal has it.</summary>
internal sealed record JournalEvent(string Id, string Type, string Charger, string Data, string Story)
{
    /// <summary>True for what the charger said itself, and not for what became of its connections.</summary>
    public bool IsTold => !IsDerived && !IsEndOfCommand && Type is not ("charger.connected" or "charger.disconnected");

    /// <summary>True for how a command ended.</summary>
    public bool IsEndOfCommand => Type is "command.completed" or "command.failed";

    /// <summary>True for what only follows from what others tell.</summary>
    public bool IsDerived => Type is "charger.registered" or "charger.status_changed" or "transaction.start_failed";

    public static JournalEvent Read(JsonElement e)
    {
        var type = e.GetProperty("event").GetString()!;
        var data = e.GetProperty("data");
        return new JournalEvent(e.GetProperty("id").GetString()!, type, data.GetProperty("chargeBoxId").GetString()!, data.GetRawText(), Tell(type, data));
    }

    /// <summary>All after the cursor, and the cursor after them.</summary>
    public static async Task<(List<JournalEvent> Events, string Cursor)> ReadAsync(HttpClient http, string cursor)
    {
        var all = new List<JournalEvent>();
        while (true)
        {
            using var page = JsonDocument.Parse(await http.GetStringAsync($"/api/v1/events?limit=1000&after={cursor}"));
            all.AddRange(page.RootElement.GetProperty("events").EnumerateArray().Select(Read));
            var next = page.RootElement.GetProperty("pagination").GetProperty("nextCursor").GetString()!;
            if (next == cursor)
            {
                return (all, cursor);
            }

            cursor = next;
        }
    }

    private static string Tell(string type, JsonElement data) => type switch
    {
        "charger.boot" => $"boot {data.GetProperty("firmwareVersion").GetString()}",
        "charger.disconnected" => $"disconnected {data.GetProperty("reason").GetString()}",
        "connector.status_changed" => $"status {data.GetProperty("status").GetString()} {data.GetProperty("info").GetString()}",
        "transaction.started" => $"started {data.GetProperty("transactionId").GetInt32()} {data.GetProperty("meterStart").GetInt64()}",
        "transaction.updated" => $"updated {data.GetProperty("transactionId").GetInt32()} {data.GetProperty("meterValue").GetInt64()}",
        "transaction.stopped" => $"stopped {data.GetProperty("transactionId").GetInt32()} {data.GetProperty("meterStop").GetInt64()}",
        "command.completed" or "command.failed" => $"{type} {data.GetProperty("commandId").GetString()} {data.GetProperty("status").GetString()}",
        _ => type,
    };
}

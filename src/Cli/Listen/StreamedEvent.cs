using System.Text.Json;

namespace Capacitor.Cli.Listen;

/// <summary>An event of the stream, with the body that a webhook gets.</summary>
internal sealed record StreamedEvent(string WebhookId, string Type, byte[] Body)
{
    public string? Sequence { get; init; }

    public string? ChargerSequence { get; init; }

    /// <summary>The charger, for people; empty when the event is of none.</summary>
    public string Charger
    {
        get
        {
            try
            {
                using var body = JsonDocument.Parse(Body);
                return body.RootElement.TryGetProperty("data", out var data) && data.TryGetProperty("chargeBoxId", out var id) ? id.ToString() : "";
            }
            catch (Exception failure) when (failure is JsonException or InvalidOperationException)
            {
                return "";
            }
        }
    }
}

/// <summary>What the stream says up to a blank line. <paramref name="Id"/>: where to go on when it has been dealt with; null: as before.</summary>
internal sealed record StreamMessage(string? Id, StreamedEvent? Event);

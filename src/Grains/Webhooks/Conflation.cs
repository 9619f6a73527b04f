using System.Text.Json;
using Capacitor.Chargers;
using Capacitor.Events;

namespace Capacitor.Grains.Webhooks;

/// <summary>What an event must have in common with an older one to take its place.</summary>
internal readonly record struct ConflationKey(ChargeBoxId ChargeBoxId, string Type, int Subject);

/// <summary>Which events of a webhook take the place of older ones that still wait: the newest of a connector's states, the newest of a transaction's meter values.</summary>
internal sealed class Conflation
{
    private readonly IReadOnlyList<string> _types;

    private Conflation(IReadOnlyList<string> types) => _types = types;

    /// <summary>From a policy; null: none.</summary>
    public static Conflation? Of(IReadOnlyList<string> types) => types.Count == 0 ? null : new Conflation(types);

    /// <summary>The key of an event; null: it takes no other's place.</summary>
    public ConflationKey? KeyOf(JournalEvent item)
    {
        if (!_types.Contains(item.Type))
        {
            return null;
        }

        var member = item.Type == EventTypes.TransactionUpdated ? "transactionId"u8 : "connectorId"u8;
        return ReadNumber(item.Body, member) is { } subject ? new ConflationKey(item.ChargeBoxId, item.Type, subject) : null;
    }

    private static int? ReadNumber(ReadOnlySpan<byte> body, ReadOnlySpan<byte> member)
    {
        var json = new Utf8JsonReader(body);
        while (json.Read())
        {
            if (json.TokenType == JsonTokenType.PropertyName && json.CurrentDepth == 2 && json.ValueTextEquals(member))
            {
                return json.Read() && json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var number) ? number : null;
            }
        }

        return null;
    }
}

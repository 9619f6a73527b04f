using System.Text;
using Capacitor.Messages;

namespace Capacitor.Storage.Tests.Messages;

/// <summary>Makes blocks of messages as an edge hands them over.</summary>
internal sealed class Blocks
{
    public const string Charger = "chg_1";
    public const string Tenant = "tenant";

    private readonly List<MessageEntry> _entries = [];
    private readonly List<byte> _texts = [];

    public static DateTimeOffset Noon { get; } = new(2026, 2, 6, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Days of <see cref="Tenant"/> and of <c>other</c>.</summary>
    public static Dictionary<string, int> Kept(int days = 3, int daysOfOther = 14) => new() { [Tenant] = days, ["other"] = daysOfOther };

    /// <summary>A call and its answer a millisecond later.</summary>
    public Blocks Exchange(DateTimeOffset at, string messageId, string action = "Heartbeat", string charger = Charger, string tenant = Tenant) => this
        .Add(at, $"[2,\"{messageId}\",\"{action}\",{{}}]", MessageDirection.In, MessageKind.Call, action, messageId, -1, charger, tenant)
        .Add(at.AddMilliseconds(1), $"[3,\"{messageId}\",{{}}]", MessageDirection.Out, MessageKind.Result, action, messageId, 1000, charger, tenant);

    public Blocks Add(
        DateTimeOffset at, string text, MessageDirection direction, MessageKind kind, string? action, string? messageId, int latency = -1, string charger = Charger,
        string tenant = Tenant, bool isCut = false)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var id = Encoding.UTF8.GetBytes(messageId ?? "");
        _texts.AddRange(id);
        _entries.Add(new MessageEntry
        {
            Position = MessagePosition.From(at),
            Charger = charger,
            Tenant = tenant,
            Direction = direction,
            Kind = kind,
            Action = action,
            IdLength = messageId is null ? -1 : id.Length,
            Latency = latency,
            Start = _texts.Count,
            Length = bytes.Length,
            Size = bytes.Length,
            IsCut = isCut,
        });
        _texts.AddRange(bytes);
        return this;
    }

    public MessageBlock[] Make() => [new() { Entries = _entries.ToArray(), Texts = _texts.ToArray() }];
}

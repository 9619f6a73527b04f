using System.Buffers.Text;
using Capacitor.Load.Fleet;

namespace Capacitor.Load.Sink;

/// <summary>Reads from a body what tells one event from another, by looking for the members' spelling.</summary>
internal static class EventReader
{
    public static (int Charger, Mark Mark, int Transaction) Read(ReadOnlySpan<byte> body)
    {
        var kind = KindOf(After(body, "\"event\":\""u8));
        var charger = (int)Number(body, "\"chargeBoxId\":\"LOAD-"u8);
        var detail = kind switch
        {
            Kind.Status => After(body, "\"status\":\""u8) is [var letter, ..] ? letter : 0,
            Kind.Started => Number(body, "\"meterStart\":"u8),
            Kind.Updated => Number(body, "\"meterValue\":"u8),
            Kind.Stopped => Number(body, "\"meterStop\":"u8),
            _ => 0,
        };
        var transaction = kind is Kind.Started or Kind.Updated or Kind.Stopped ? (int)Number(body, "\"transactionId\":"u8) : 0;
        return (charger, new Mark(kind, detail), transaction);
    }

    private static Kind KindOf(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.StartsWith("transaction.u"u8) => Kind.Updated,
        _ when name.StartsWith("connector.s"u8) => Kind.Status,
        _ when name.StartsWith("transaction.sta"u8) => Kind.Started,
        _ when name.StartsWith("transaction.sto"u8) => Kind.Stopped,
        _ when name.StartsWith("authorization.a"u8) => Kind.Authorized,
        _ when name.StartsWith("charger.r"u8) || name.StartsWith("charger.s"u8) => Kind.Derived,
        _ when name.StartsWith("charger.b"u8) => Kind.Boot,
        _ when name.StartsWith("charger.c"u8) => Kind.Connected,
        _ when name.StartsWith("charger.d"u8) => Kind.Disconnected,
        _ => Kind.Unknown,
    };

    private static ReadOnlySpan<byte> After(ReadOnlySpan<byte> body, ReadOnlySpan<byte> opening)
    {
        var at = body.IndexOf(opening);
        return at < 0 ? default : body[(at + opening.Length)..];
    }

    private static long Number(ReadOnlySpan<byte> body, ReadOnlySpan<byte> opening) =>
        Utf8Parser.TryParse(After(body, opening), out long number, out _) ? number : -1;
}

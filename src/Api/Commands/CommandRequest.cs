using System.Text.Json;
using Capacitor.Api.Errors;
using Capacitor.Chargers;
using Capacitor.Ocpp.Payloads;
using Capacitor.Ocpp.V16;

namespace Capacitor.Api.Commands;

/// <summary>What a request asks a charger for: the payload is checked, and how long the caller waits.</summary>
internal sealed record CommandRequest(CommandSpec Spec, byte[] Payload, TimeSpan Timeout, bool IsAsync)
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Throws <see cref="RefusedException"/> (Invalid) when the payload is not what OCPP wants.</summary>
    public static CommandRequest Of(HttpRequest http, CommandSpec spec, JsonElement payload) =>
        Of(http, spec, JsonSerializer.SerializeToUtf8Bytes(payload, CommandJson.Default.JsonElement));

    /// <summary>Throws <see cref="RefusedException"/> (Invalid) when the payload is not what OCPP wants.</summary>
    public static CommandRequest Of(HttpRequest http, CommandSpec spec, ReadOnlyMemory<byte> payload) => new(
        spec,
        Check(spec.Action, payload),
        TimeSpan.FromSeconds(Query.Number(http, "timeout", (long)DefaultTimeout.TotalSeconds, 1, 120)),
        Query.OneOf(http, "async", "true", "false") == "true");

    public Command ToCommand() => new() { Action = Spec.Action, Payload = Payload, Timeout = Timeout };

    private static byte[] Check(string action, ReadOnlyMemory<byte> payload)
    {
        if (Ocpp16Commands.Find(action) is not { } known)
        {
            return payload.ToArray(); // a vendor's own
        }

        var request = known.Check(payload);
        return request.Mistakes is [var first, ..]
            ? throw new RefusedException(RefusalKind.Invalid, Explain(first), first.Path.Length == 0 ? null : first.Path)
            : request.Payload.ToArray();
    }

    private static string Explain(Mistake mistake) => mistake.Path.Length == 0 ? mistake.Detail : $"'{mistake.Path}' {mistake.Detail}";
}

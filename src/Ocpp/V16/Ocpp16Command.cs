using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>One action that a charger may be sent: how its request is checked, and how its answer is understood.</summary>
public abstract class Ocpp16Command
{
    private readonly string[] _successes;

    private protected Ocpp16Command(string action, string[] successes)
    {
        Action = action;
        _successes = successes;
    }

    /// <summary>One of <see cref="Ocpp16Actions.ToCharger"/>.</summary>
    public string Action { get; }

    /// <summary>The words of an answer's status that say yes; empty for an action whose answer has no status, and is a yes by being one.</summary>
    public IReadOnlyList<string> Successes => _successes;

    /// <summary>
    /// Checks a request, of which nothing is forgiven but members that the document does not know, and writes it again as it is to be sent.
    /// </summary>
    public abstract Ocpp16CommandRequest Check(ReadOnlyMemory<byte> payload);

    /// <summary>Reads the payload of a CALLRESULT as chargers send it.</summary>
    public abstract Ocpp16CommandAnswer ReadAnswer(ReadOnlyMemory<byte> payload);

    /// <summary>True when an answer with this status says yes.</summary>
    public bool IsSuccess(string? status) => _successes.Length == 0 || Array.IndexOf(_successes, status) >= 0;
}

internal sealed class Ocpp16Command<TRequest, TResponse>(string action, Func<TResponse, string>? status, params string[] successes)
    : Ocpp16Command(action, successes)
    where TRequest : class, IPayload<TRequest>
    where TResponse : class, IPayload<TResponse>
{
    public override Ocpp16CommandRequest Check(ReadOnlyMemory<byte> payload)
    {
        var reading = Ocpp16Reader.ReadStrict<TRequest>(payload.Span);
        return reading.IsValid
            ? new Ocpp16CommandRequest(Ocpp16Writer.Serialize(reading.Value), [])
            : new Ocpp16CommandRequest(default, reading.Mistakes);
    }

    public override Ocpp16CommandAnswer ReadAnswer(ReadOnlyMemory<byte> payload)
    {
        var reading = Ocpp16Reader.Read<TResponse>(payload);
        if (reading.IsUsable)
        {
            return Answer(reading.Value, Ocpp16Writer.Serialize(reading.Value), reading.Anomalies);
        }

        // What is wrong with it does not keep the rest from being known: it is shown as it came.
        return TResponse.Shape.Salvage(payload.Span) is { } salvaged
            ? Answer(salvaged, IsObject(payload.Span) ? payload : OcppFrame.EmptyObject, reading.Anomalies)
            : Answer(null, OcppFrame.EmptyObject, [new Anomaly(AnomalyKind.WrongType, "", reading.Violation.Description)]);
    }

    // An empty payload and null were taken for an empty object.
    private static bool IsObject(ReadOnlySpan<byte> payload) => payload.TrimStart(" \t\r\n"u8) is [(byte)'{', ..];

    private Ocpp16CommandAnswer Answer(TResponse? response, ReadOnlyMemory<byte> payload, IReadOnlyList<Anomaly> anomalies)
    {
        var word = response is null ? null : status?.Invoke(response) is { Length: > 0 } text ? text : null;
        return new Ocpp16CommandAnswer(word, IsSuccess(word), payload, anomalies);
    }
}

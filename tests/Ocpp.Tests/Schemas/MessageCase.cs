using System.Text;
using Capacitor.Ocpp.Payloads;
using Capacitor.Ocpp.V16;

namespace Capacitor.Ocpp.Tests.Schemas;

/// <summary>A message with every member filled in, as a record and as the literal JSON of the same message.</summary>
public abstract class MessageCase(string schema, string sample)
{
    public string Schema { get; } = schema;

    public string Sample { get; } = sample;

    public abstract Type Type { get; }

    public abstract string SerializeFilled();

    public abstract Outcome Read(string json);

    public abstract StrictOutcome ReadStrict(string json);

    public override string ToString() => Schema;

    /// <summary>A reading without its type; <paramref name="Json"/> is the value written again.</summary>
    public sealed record Outcome(string? Json, Violation? Violation, IReadOnlyList<Anomaly> Anomalies);

    public sealed record StrictOutcome(string? Json, IReadOnlyList<Mistake> Mistakes);
}

internal sealed class MessageCase<T>(string schema, string sample, T filled) : MessageCase(schema, sample)
    where T : class, IPayload<T>
{
    public override Type Type => typeof(T);

    public override string SerializeFilled() => Encoding.UTF8.GetString(Ocpp16Writer.Serialize(filled));

    public override Outcome Read(string json)
    {
        var reading = Ocpp16Reader.Read<T>(Encoding.UTF8.GetBytes(json));
        return new Outcome(
            reading.Value is { } value ? Encoding.UTF8.GetString(Ocpp16Writer.Serialize(value)) : null, reading.Violation, reading.Anomalies);
    }

    public override StrictOutcome ReadStrict(string json)
    {
        var reading = Ocpp16Reader.ReadStrict<T>(Encoding.UTF8.GetBytes(json));
        return new StrictOutcome(reading.Value is { } value ? Encoding.UTF8.GetString(Ocpp16Writer.Serialize(value)) : null, reading.Mistakes);
    }
}

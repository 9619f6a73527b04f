using System.Diagnostics.CodeAnalysis;

namespace Capacitor.Ocpp.Payloads;

/// <summary>A payload as it was understood: a value or a violation, and what was forgiven on the way.</summary>
public readonly struct Reading<T>
    where T : class
{
    private readonly IReadOnlyList<Anomaly>? _anomalies;

    internal Reading(T? value, Violation? violation, IReadOnlyList<Anomaly>? anomalies)
    {
        Value = value;
        Violation = violation;
        _anomalies = anomalies;
    }

    /// <summary>The message; null with a <see cref="Violation"/>.</summary>
    public T? Value { get; }

    /// <summary>Why there is no value.</summary>
    public Violation? Violation { get; }

    /// <summary>What was odd, at most 32 of them; empty for a payload as the document wants it.</summary>
    public IReadOnlyList<Anomaly> Anomalies => _anomalies ?? [];

    /// <summary>True when there is a value.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Violation))]
    public bool IsUsable => Value is not null;
}

using System.Diagnostics.CodeAnalysis;

namespace Capacitor.Ocpp.Payloads;

/// <summary>A payload that is as the document wants it, or what is wrong with it.</summary>
public readonly struct StrictReading<T>
    where T : class
{
    private readonly IReadOnlyList<Mistake>? _mistakes;

    internal StrictReading(T? value, IReadOnlyList<Mistake> mistakes)
    {
        Value = value;
        _mistakes = mistakes;
    }

    /// <summary>The message; null when there are mistakes.</summary>
    public T? Value { get; }

    /// <summary>Everything that is wrong, at most 32 of them.</summary>
    public IReadOnlyList<Mistake> Mistakes => _mistakes ?? [];

    /// <summary>True when there is a value.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    public bool IsValid => Value is not null;
}

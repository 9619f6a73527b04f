namespace Capacitor.Messages;

/// <summary>One frame of the message log.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.logged-message")]
public sealed record LoggedMessage
{
    /// <inheritdoc cref="MessageEntry.Position"/>
    [Id(0)] public required long Position { get; init; }

    /// <inheritdoc cref="MessageEntry.Direction"/>
    [Id(1)] public required MessageDirection Direction { get; init; }

    /// <inheritdoc cref="MessageEntry.Kind"/>
    [Id(2)] public required MessageKind Kind { get; init; }

    /// <inheritdoc cref="MessageEntry.Action"/>
    [Id(3)] public string? Action { get; init; }

    /// <summary>OCPP's message id; null when it has none.</summary>
    [Id(4)] public string? MessageId { get; init; }

    /// <summary>Of an answer: how long after its call; null when that is not known.</summary>
    [Id(5)] public TimeSpan? Latency { get; init; }

    /// <summary>The frame in UTF-8, without secrets.</summary>
    [Id(6)] public required ReadOnlyMemory<byte> Text { get; init; }

    /// <inheritdoc cref="MessageEntry.Size"/>
    [Id(7)] public required int Size { get; init; }

    /// <inheritdoc cref="MessageEntry.IsCut"/>
    [Id(8)] public bool IsCut { get; init; }
}

/// <summary>Some of a charger's messages. <paramref name="Next"/>: the position to read on before; null: there are no more.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.message-page")]
public sealed record MessagePage([property: Id(0)] IReadOnlyList<LoggedMessage> Messages, [property: Id(1)] long? Next);

/// <summary>Which messages are asked for; null: whatever.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.message-filter")]
public sealed record MessageFilter
{
    /// <summary>Which way they went.</summary>
    [Id(0)] public MessageDirection? Direction { get; init; }

    /// <summary>Calls of this action, and their answers.</summary>
    [Id(1)] public string? Action { get; init; }

    /// <summary>Not before.</summary>
    [Id(2)] public DateTimeOffset? From { get; init; }

    /// <summary>Before.</summary>
    [Id(3)] public DateTimeOffset? To { get; init; }
}

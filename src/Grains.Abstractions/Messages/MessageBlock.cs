namespace Capacitor.Messages;

/// <summary>Frames that a process has received and sent, their ids and texts one after the other: many frames, few objects.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.message-block")]
public sealed record MessageBlock
{
    /// <summary>The frames, nearly in order.</summary>
    [Id(0)] public required ReadOnlyMemory<MessageEntry> Entries { get; init; }

    /// <summary>Their ids and texts in UTF-8, without secrets.</summary>
    [Id(1)] public required ReadOnlyMemory<byte> Texts { get; init; }
}

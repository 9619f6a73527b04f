using Capacitor.Messages;

namespace Capacitor.Api.Ocpp;

/// <summary>What a frame is, for the message log. <paramref name="Took"/>: of an answer, how long after its call; null for a call.</summary>
internal readonly record struct FrameNote(MessageKind Kind, string? Action, string? MessageId, TimeSpan? Took);

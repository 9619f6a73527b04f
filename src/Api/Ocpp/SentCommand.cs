namespace Capacitor.Api.Ocpp;

/// <summary>A command that went out; <paramref name="At"/> is a time stamp.</summary>
internal readonly record struct SentCommand(string Action, long At);

namespace Capacitor.Api.Json;

/// <summary>The answer to a deletion.</summary>
internal sealed record MessageBody(string Message);

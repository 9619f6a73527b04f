namespace Capacitor.Api.Idempotency;

/// <summary>Endpoint metadata: a POST here may have an Idempotency-Key.</summary>
internal sealed record TakesIdempotencyKey;

internal static class Idempotent
{
    /// <summary>Every POST of these endpoints may have an Idempotency-Key, and is then carried out once.</summary>
    public static T TakeIdempotencyKeys<T>(this T endpoints)
        where T : IEndpointConventionBuilder => endpoints.WithMetadata(new TakesIdempotencyKey());
}

namespace Capacitor.Idempotency;

/// <summary>Sees to it that of all requests with one Idempotency-Key one is carried out, and the others get its answer. Key: <see cref="IdempotencyId.GrainKey"/>.</summary>
[Alias("capacitor.IIdempotencyGrain")]
public interface IIdempotencyGrain : IGrainWithStringKey
{
    /// <summary>
    /// What to do with a request; that it is begun is durable before this returns. Waits some seconds for one that is under way.
    /// <paramref name="attempt"/>: names the request of one process; asking again with the same one gives leave again.
    /// <paramref name="fingerprint"/>: the same for equal requests.
    /// </summary>
    [Alias("Begin")]
    Task<IdempotentStart> BeginAsync(string attempt, string fingerprint);

    /// <summary>Keeps the answer. Nothing happens when it is too late for that.</summary>
    [Alias("Complete")]
    Task CompleteAsync(string attempt, IdempotentAnswer answer);

    /// <summary>The request did nothing: the next one with this key may be carried out.</summary>
    [Alias("Forget")]
    Task ForgetAsync(string attempt);

    /// <summary>Nobody will ever know what the request did.</summary>
    [Alias("Lose")]
    Task LoseAsync(string attempt);
}

/// <summary>What to do with a request.</summary>
public enum IdempotentStartKind
{
    /// <summary>Carry it out, and tell how it ended.</summary>
    Proceed = 0,

    /// <summary>Give the answer of the first one.</summary>
    Replay = 1,

    /// <summary>The key belongs to another request.</summary>
    OtherRequest = 2,

    /// <summary>The first one is still under way.</summary>
    UnderWay = 3,

    /// <summary>The first one was begun, and what it did is not known.</summary>
    Unknown = 4,
}

/// <summary>What to do with a request. <paramref name="Answer"/>: of the first one, to be given again.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.idempotent-start")]
public sealed record IdempotentStart([property: Id(0)] IdempotentStartKind Kind, [property: Id(1)] IdempotentAnswer? Answer = null);

/// <summary>An answer, to be given again. Its body may hold a secret: never logged, and stored sealed.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.idempotent-answer")]
public sealed record IdempotentAnswer
{
    /// <summary>The HTTP status.</summary>
    [Id(0)] public required int Status { get; init; }

    /// <summary>The header Content-Type, or null.</summary>
    [Id(1)] public string? ContentType { get; init; }

    /// <summary>The header Location, or null.</summary>
    [Id(2)] public string? Location { get; init; }

    /// <summary>The body.</summary>
    [Id(3)] public required byte[] Body { get; init; }
}

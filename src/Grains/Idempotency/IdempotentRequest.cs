using Capacitor.Idempotency;

namespace Capacitor.Grains.Idempotency;

/// <summary>What is stored of a request that had an Idempotency-Key.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.state.idempotent-request")]
internal sealed record IdempotentRequest
{
    /// <summary>How long a key is kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>Who carries it out.</summary>
    [Id(0)] public required string Attempt { get; init; }

    /// <summary>Of what was stored before fingerprints were sealed.</summary>
    [Id(1)] public string? Fingerprint { get; init; }

    [Id(2)] public required DateTimeOffset BegunAt { get; init; }

    /// <summary>Of the answer; 0: there is none.</summary>
    [Id(3)] public int Status { get; init; }

    [Id(4)] public string? ContentType { get; init; }

    [Id(5)] public string? Location { get; init; }

    /// <summary>Sealed: some answers hold a secret that is shown once.</summary>
    [Id(6)] public byte[]? SealedBody { get; init; }

    /// <summary>The same for equal requests. Sealed: a body may hold a password, which could be guessed from a hash.</summary>
    [Id(7)] public byte[]? SealedFingerprint { get; init; }

    public DateTimeOffset ExpiresAt => BegunAt + Kept;

    public IdempotentRequest With(IdempotentAnswer answer, byte[] sealedBody) =>
        this with { Status = answer.Status, ContentType = answer.ContentType, Location = answer.Location, SealedBody = sealedBody };
}

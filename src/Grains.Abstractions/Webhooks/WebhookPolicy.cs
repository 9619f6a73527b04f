namespace Capacitor.Webhooks;

/// <summary>How a webhook wants its events delivered. All defaults together are what the webhook API documents: one attempt, 5 seconds, no retry.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.webhook-policy")]
public sealed record WebhookPolicy
{
    /// <summary>As documented.</summary>
    public static WebhookPolicy Documented { get; } = new();

    /// <summary>Null: one attempt.</summary>
    [Id(0)] public RetryPolicy? Retry { get; init; }

    /// <summary>True: while an event waits for its next attempt, later ones of its charger wait behind it, for <see cref="StrictFor"/> at most.</summary>
    [Id(1)] public bool StrictOrder { get; init; }

    /// <summary>How long one event may hold up those behind it; 1 second to 24 hours.</summary>
    [Id(2)] public TimeSpan StrictFor { get; init; } = TimeSpan.FromHours(1);

    /// <summary>What one attempt may take, 1 to 30 seconds; null: as the installation says, by default 5 seconds.</summary>
    [Id(3)] public TimeSpan? Timeout { get; init; }

    /// <summary>Event types of which, while a backlog waits, only the newest of a connector or transaction is sent.</summary>
    [Id(4)] public IReadOnlyList<string> Conflate { get; init; } = [];

    /// <summary>The webhook is deactivated when nothing was delivered for so long, 1 hour to 30 days; null: never.</summary>
    [Id(5)] public TimeSpan? DisableAfter { get; init; }
}

/// <summary>When an event whose attempt failed is tried again.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.retry-policy")]
public sealed record RetryPolicy
{
    /// <summary>Attempts in all, 1 to 10.</summary>
    [Id(0)] public required int MaxAttempts { get; init; }

    /// <summary>The pause before each attempt but the first, 1 second to 24 hours each; null: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h (Standard Webhooks).</summary>
    [Id(1)] public IReadOnlyList<TimeSpan>? Delays { get; init; }
}

/// <summary>How deliveries are signed.</summary>
public enum SignatureScheme
{
    /// <summary>HMAC-SHA256: <c>v1</c>.</summary>
    V1 = 0,

    /// <summary>Ed25519: <c>v1a</c>.</summary>
    V1a = 1,
}

/// <summary>Something that signs. Never logged, never answered.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.webhook-secret")]
public sealed record WebhookSecret
{
    /// <summary>As it was given or made: <c>whsec_…</c> or any text for <see cref="SignatureScheme.V1"/>, <c>whsk_…</c> for <see cref="SignatureScheme.V1a"/>.</summary>
    [Id(0)] public required string Text { get; init; }

    /// <summary>How it signs.</summary>
    [Id(1)] public SignatureScheme Scheme { get; init; }

    /// <summary>It signs no more from then on; null: for as long as nothing replaces it.</summary>
    [Id(2)] public DateTimeOffset? Until { get; init; }

    /// <inheritdoc/>
    public override string ToString() => "secret";
}

/// <summary>A header: of a tenant's own on every delivery, or of an answer. The value may be a secret.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.webhook-header")]
public sealed record WebhookHeader([property: Id(0)] string Name, [property: Id(1)] string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>TLS beyond what every machine trusts. Holds a private key: never logged, never answered.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.webhook-tls")]
public sealed record WebhookTls
{
    /// <summary>The certificate that we present, with its chain, in PEM; null: none.</summary>
    [Id(0)] public string? ClientCertificate { get; init; }

    /// <summary>Its private key in PEM, not encrypted.</summary>
    [Id(1)] public string? ClientKey { get; init; }

    /// <summary>The authorities that may have signed the endpoint's certificate, in PEM; null: those of the machine.</summary>
    [Id(2)] public string? Authorities { get; init; }

    /// <inheritdoc/>
    public override string ToString() => "TLS settings";
}

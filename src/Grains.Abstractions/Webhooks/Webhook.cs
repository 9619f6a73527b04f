namespace Capacitor.Webhooks;

/// <summary>A registered URL, as the API shows it: the secret never leaves.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.webhook")]
public sealed record Webhook
{
    /// <summary><c>wh_…</c>, unguessable.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>Where events are posted, as it was given.</summary>
    [Id(1)] public required string Url { get; init; }

    /// <summary>Event names, or <c>*</c>, as they were given.</summary>
    [Id(2)] public required IReadOnlyList<string> Events { get; init; }

    /// <summary>False: nothing is delivered, and nothing is kept for later.</summary>
    [Id(3)] public required bool Active { get; init; }

    /// <summary>When it was registered.</summary>
    [Id(4)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What the tenant calls it; null: nothing.</summary>
    [Id(5)] public string? Description { get; init; }

    /// <summary>Chargers whose events it gets; null: all.</summary>
    [Id(6)] public IReadOnlyList<string>? ChargeBoxIds { get; init; }

    /// <summary>How its events are delivered; null: as documented.</summary>
    [Id(7)] public WebhookPolicy? Policy { get; init; }

    /// <summary>The names of its own headers; null: none. The values never leave.</summary>
    [Id(8)] public IReadOnlyList<string>? HeaderNames { get; init; }

    /// <summary>How deliveries are signed, if they are.</summary>
    [Id(9)] public SignatureScheme Signature { get; init; }

    /// <summary><c>whpk_…</c>, with <see cref="SignatureScheme.V1a"/> only.</summary>
    [Id(10)] public string? PublicKey { get; init; }

    /// <summary>What may be shown of its TLS settings; null: it has none.</summary>
    [Id(11)] public WebhookTlsSummary? Tls { get; init; }

    /// <summary>Why it was switched off, <c>gone</c> or <c>failing</c>; null unless it was, and until it is activated again.</summary>
    [Id(12)] public string? DisabledReason { get; init; }

    /// <summary>When that was.</summary>
    [Id(13)] public DateTimeOffset? DisabledAt { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"webhook {Id}";
}

/// <summary>What may be shown of a webhook's TLS settings.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.webhook-tls-summary")]
public sealed record WebhookTlsSummary
{
    /// <summary>The subject of the certificate that we present; null with the two that follow when there is none.</summary>
    [Id(0)] public string? Subject { get; init; }

    /// <summary>Its SHA-256, in lower-case hex.</summary>
    [Id(1)] public string? Thumbprint { get; init; }

    /// <summary>When it ends.</summary>
    [Id(2)] public DateTimeOffset? NotAfter { get; init; }

    /// <summary>How many authorities of its own; 0: those of the machine.</summary>
    [Id(3)] public int Authorities { get; init; }
}

/// <summary>Makes changes.</summary>
public static class Change
{
    /// <summary>Sets, or with null puts back.</summary>
    public static Change<T> To<T>(T? value) => new(true, value);
}

/// <summary>A value to set, or with null to put back to its default; the default of this type leaves what is there.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.change`1")]
public readonly record struct Change<T>([property: Id(0)] bool IsSet, [property: Id(1)] T? Value)
{
    /// <summary>The value after the change.</summary>
    public T? Over(T? current) => IsSet ? Value : current;

    /// <inheritdoc/>
    public override string ToString() => IsSet ? Value is null ? "cleared" : "set" : "left alone"; // the value may be a secret
}

/// <summary>A webhook to register. Holds the secret, and the URL may be one: never logged.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.new-webhook")]
public sealed record NewWebhook
{
    /// <summary>http or https, no userinfo, at most 2,048 characters.</summary>
    [Id(0)] public required string Url { get; init; }

    /// <summary>One or more of the documented names, prefixes of them up to a full stop with a <c>*</c> after it, or <c>*</c>.</summary>
    [Id(1)] public required IReadOnlyList<string> Events { get; init; }

    /// <summary>Signs deliveries; null: they are not signed.</summary>
    [Id(2)] public string? Secret { get; init; }

    /// <summary>At most 256 characters.</summary>
    [Id(3)] public string? Description { get; init; }

    /// <summary>1 to 1,000 chargers whose events it gets; null: all.</summary>
    [Id(4)] public IReadOnlyList<string>? ChargeBoxIds { get; init; }

    /// <summary>How its events are delivered; null: as documented.</summary>
    [Id(5)] public WebhookPolicy? Policy { get; init; }

    /// <summary>At most 20 headers of its own.</summary>
    [Id(6)] public IReadOnlyList<WebhookHeader>? Headers { get; init; }

    /// <summary>With <see cref="SignatureScheme.V1a"/> a key pair is made, and <see cref="Secret"/> must be null.</summary>
    [Id(7)] public SignatureScheme Signature { get; init; }

    /// <summary>TLS beyond what every machine does.</summary>
    [Id(8)] public WebhookTls? Tls { get; init; }

    /// <summary>False: nothing is delivered until it is activated. Null: true.</summary>
    [Id(9)] public bool? Active { get; init; }

    /// <inheritdoc/>
    public override string ToString() => "new webhook";
}

/// <summary>A change to a webhook; what is null stays as it is. Holds secrets as a new webhook does: never logged.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.webhook-patch")]
public sealed record WebhookPatch
{
    /// <summary>A new URL.</summary>
    [Id(0)] public string? Url { get; init; }

    /// <summary>New events.</summary>
    [Id(1)] public IReadOnlyList<string>? Events { get; init; }

    /// <summary>Switches deliveries on or off.</summary>
    [Id(2)] public bool? Active { get; init; }

    /// <summary>A new secret; cleared by null.</summary>
    [Id(3)] public Capacitor.Chargers.Setting Secret { get; init; }

    /// <summary>A new description.</summary>
    [Id(4)] public Change<string> Description { get; init; }

    /// <summary>Other chargers.</summary>
    [Id(5)] public Change<IReadOnlyList<string>> ChargeBoxIds { get; init; }

    /// <summary>Another retry policy.</summary>
    [Id(6)] public Change<RetryPolicy> Retry { get; init; }

    /// <summary>Another <see cref="WebhookPolicy.StrictOrder"/>.</summary>
    [Id(7)] public Change<bool?> StrictOrder { get; init; }

    /// <summary>Another <see cref="WebhookPolicy.StrictFor"/>.</summary>
    [Id(8)] public Change<TimeSpan?> StrictFor { get; init; }

    /// <summary>Another <see cref="WebhookPolicy.Timeout"/>.</summary>
    [Id(9)] public Change<TimeSpan?> Timeout { get; init; }

    /// <summary>Other types to conflate.</summary>
    [Id(10)] public Change<IReadOnlyList<string>> Conflate { get; init; }

    /// <summary>Another <see cref="WebhookPolicy.DisableAfter"/>.</summary>
    [Id(11)] public Change<TimeSpan?> DisableAfter { get; init; }

    /// <summary>Other headers, in place of all there are.</summary>
    [Id(12)] public Change<IReadOnlyList<WebhookHeader>> Headers { get; init; }

    /// <summary>Another scheme: it signs first, and what signed so far goes on for a day.</summary>
    [Id(13)] public Change<SignatureScheme?> Signature { get; init; }

    /// <summary>Other TLS settings, in place of all there are.</summary>
    [Id(14)] public Change<WebhookTls> Tls { get; init; }

    /// <inheritdoc/>
    public override string ToString() => "webhook change";
}

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

    /// <inheritdoc/>
    public override string ToString() => $"webhook {Id}";
}

/// <summary>A webhook to register. Holds the secret, and the URL may be one: never logged.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.new-webhook")]
public sealed record NewWebhook
{
    /// <summary>http or https, no userinfo, at most 2,048 characters.</summary>
    [Id(0)] public required string Url { get; init; }

    /// <summary>One or more of the documented names, or <c>*</c>.</summary>
    [Id(1)] public required IReadOnlyList<string> Events { get; init; }

    /// <summary>Signs deliveries; null: they are not signed.</summary>
    [Id(2)] public string? Secret { get; init; }

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

    /// <inheritdoc/>
    public override string ToString() => "webhook change";
}

using Capacitor.Tenants;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

/// <summary>A tenant's registrations, oldest first.</summary>
[GenerateSerializer, Alias("capacitor.state.webhooks")]
internal sealed record TenantWebhooksState
{
    /// <summary>True while the tenant may be delivered to; its grain says so when it is made and at every change.</summary>
    [Id(0)] public bool Allowed { get; init; }

    /// <summary>What is registered.</summary>
    [Id(1)] public List<Registration> Webhooks { get; init; } = [];

    /// <summary>What the tenant's tier says; null: it was not told yet.</summary>
    [Id(2)] public WebhookPermit? Permit { get; init; }

    /// <summary>One of them, or null.</summary>
    public Registration? Find(string id) => Webhooks.Find(webhook => webhook.Id == id);

    /// <summary>The same with one more.</summary>
    public TenantWebhooksState With(Registration added) => this with { Webhooks = [.. Webhooks, added] };

    /// <summary>The same with one replaced.</summary>
    public TenantWebhooksState Changed(Registration changed) =>
        this with { Webhooks = Webhooks.ConvertAll(webhook => webhook.Id == changed.Id ? changed : webhook) };

    /// <summary>The same without one.</summary>
    public TenantWebhooksState Without(string id) => this with { Webhooks = Webhooks.FindAll(webhook => webhook.Id != id) };
}

/// <summary>One webhook as it is stored: what may be shown in the clear, the rest sealed.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.state.registration")]
internal sealed record Registration
{
    [Id(0)] public required string Id { get; init; }

    [Id(1)] public required string Url { get; init; }

    [Id(2)] public required IReadOnlyList<string> Events { get; init; }

    /// <summary>The secret in the clear, as earlier versions store and need it; null when <see cref="Sealed"/> is enough.</summary>
    [Id(3)] public string? Secret { get; init; }

    [Id(4)] public required bool Active { get; init; }

    [Id(5)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary><see cref="RegistrationSecrets"/>; null: there are none, or only <see cref="Secret"/>.</summary>
    [Id(6)] public byte[]? Sealed { get; init; }

    /// <summary>Rises with every change; 0: not changed since versions that did not count.</summary>
    [Id(7)] public long Version { get; init; }

    [Id(8)] public string? Description { get; init; }

    [Id(9)] public IReadOnlyList<string>? ChargeBoxIds { get; init; }

    [Id(10)] public WebhookPolicy? Policy { get; init; }

    [Id(11)] public SignatureScheme Signature { get; init; }

    [Id(12)] public string? PublicKey { get; init; }

    [Id(13)] public IReadOnlyList<string>? HeaderNames { get; init; }

    [Id(14)] public WebhookTlsSummary? Tls { get; init; }

    [Id(15)] public string? DisabledReason { get; init; }

    [Id(16)] public DateTimeOffset? DisabledAt { get; init; }

    public override string ToString() => Id;

    /// <summary>What the API may show.</summary>
    public Webhook Show() => new()
    {
        Id = Id,
        Url = Url,
        Events = Events,
        Active = Active,
        CreatedAt = CreatedAt,
        Description = Description,
        ChargeBoxIds = ChargeBoxIds,
        Policy = Policy,
        HeaderNames = HeaderNames,
        Signature = Signature,
        PublicKey = PublicKey,
        Tls = Tls,
        DisabledReason = DisabledReason,
        DisabledAt = DisabledAt,
    };

    /// <summary>What its grain needs.</summary>
    public WebhookSettings Settings(TenantId tenant, TenantWebhooksState of, RegistrationSecrets secrets) => new()
    {
        Tenant = tenant,
        WebhookId = Id,
        Url = Url,
        Events = Events,
        Secret = secrets.NewestV1,
        Delivering = Active && of.Allowed,
        Policy = Policy,
        ChargeBoxIds = ChargeBoxIds,
        Headers = secrets.Headers,
        Secrets = secrets.Signing,
        Tls = secrets.Tls,
        Version = Version,
        LogRetention = of.Permit?.LogRetention ?? TimeSpan.FromDays(30),
    };
}

/// <summary>What a registration keeps to itself.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.state.registration-secrets")]
internal sealed record RegistrationSecrets
{
    public static readonly RegistrationSecrets None = new();

    /// <summary>What signs, newest first.</summary>
    [Id(0)] public IReadOnlyList<WebhookSecret> Signing { get; init; } = [];

    [Id(1)] public IReadOnlyList<WebhookHeader> Headers { get; init; } = [];

    [Id(2)] public WebhookTls? Tls { get; init; }

    public bool IsNone => Signing.Count == 0 && Headers.Count == 0 && Tls is null;

    /// <summary>All that versions before can sign with.</summary>
    public string? NewestV1 => Signing.FirstOrDefault(secret => secret.Scheme == SignatureScheme.V1)?.Text;

    public override string ToString() => "secrets of a registration";
}

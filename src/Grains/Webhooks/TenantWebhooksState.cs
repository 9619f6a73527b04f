using Capacitor.Tenants;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

/// <summary>A tenant's registrations, oldest first.</summary>
[GenerateSerializer, Alias("capacitor.state.webhooks")]
internal sealed class TenantWebhooksState
{
    /// <summary>True while the tenant may be delivered to; its grain says so when it is made and at every change.</summary>
    [Id(0)] public bool Allowed { get; init; }

    /// <summary>What is registered.</summary>
    [Id(1)] public List<Registration> Webhooks { get; init; } = [];

    /// <summary>One of them, or null.</summary>
    public Registration? Find(string id) => Webhooks.Find(webhook => webhook.Id == id);

    /// <summary>The same with one more.</summary>
    public TenantWebhooksState With(Registration added) => new() { Allowed = Allowed, Webhooks = [.. Webhooks, added] };

    /// <summary>The same with one replaced.</summary>
    public TenantWebhooksState Changed(Registration changed) =>
        new() { Allowed = Allowed, Webhooks = Webhooks.ConvertAll(webhook => webhook.Id == changed.Id ? changed : webhook) };

    /// <summary>The same without one.</summary>
    public TenantWebhooksState Without(string id) => new() { Allowed = Allowed, Webhooks = Webhooks.FindAll(webhook => webhook.Id != id) };
}

/// <summary>One webhook as it is stored.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.state.registration")]
internal sealed record Registration
{
    [Id(0)] public required string Id { get; init; }

    [Id(1)] public required string Url { get; init; }

    [Id(2)] public required IReadOnlyList<string> Events { get; init; }

    [Id(3)] public string? Secret { get; init; }

    [Id(4)] public required bool Active { get; init; }

    [Id(5)] public required DateTimeOffset CreatedAt { get; init; }

    public override string ToString() => Id;

    /// <summary>What the API may show.</summary>
    public Webhook Show() => new() { Id = Id, Url = Url, Events = Events, Active = Active, CreatedAt = CreatedAt };

    /// <summary>What its grain needs.</summary>
    public WebhookSettings Settings(TenantId tenant, bool allowed) =>
        new() { Tenant = tenant, WebhookId = Id, Url = Url, Events = Events, Secret = Secret, Delivering = Active && allowed };
}

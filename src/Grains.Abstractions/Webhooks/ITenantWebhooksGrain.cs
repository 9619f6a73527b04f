using Capacitor.Events;
using Capacitor.Tenants;
using Orleans.Concurrency;

namespace Capacitor.Webhooks;

/// <summary>A tenant's webhooks: registers them, and matches the tenant's events to them. Key: <see cref="TenantId.GrainKey"/>.</summary>
[Alias("capacitor.ITenantWebhooksGrain")]
public interface ITenantWebhooksGrain : IGrainWithStringKey
{
    /// <summary>Registers a webhook; it gets every event that is committed after this returns. Throws <see cref="RefusedException"/> (Invalid).</summary>
    [Alias("Create")]
    Task<Webhook> CreateAsync(NewWebhook webhook);

    /// <summary>All of them, oldest first.</summary>
    [Alias("List"), ResponseTimeout(AskAgain.Soon)]
    Task<IReadOnlyList<Webhook>> ListAsync();

    /// <summary>One of them, or null.</summary>
    [Alias("Find"), ResponseTimeout(AskAgain.Soon)]
    Task<Webhook?> FindAsync(string webhookId);

    /// <summary>Changes one, or null when there is none. Throws <see cref="RefusedException"/> (Invalid).</summary>
    [Alias("Change")]
    Task<Webhook?> ChangeAsync(string webhookId, WebhookPatch patch);

    /// <summary>Removes one; what waits for it is dropped. False when there is none.</summary>
    [Alias("Remove")]
    Task<bool> RemoveAsync(string webhookId);

    /// <summary>Removes all of them: the tenant is gone.</summary>
    [Alias("RemoveAll")]
    Task RemoveAllAsync();

    /// <summary>
    /// Tells whether the tenant may be delivered to: its tier includes webhooks and it is not suspended. Wakes every webhook, so that what a crash left
    /// undelivered goes out. Safe at any time.
    /// </summary>
    [Alias("Allow")]
    Task AllowAsync(bool deliveries);
}

/// <summary>One webhook: its backlog, order and concurrency. Key: <c>w/</c> and the webhook's id.</summary>
[Alias("capacitor.IWebhookGrain")]
public interface IWebhookGrain : IGrainWithStringKey
{
    /// <summary>Takes a registration, or a changed one. A webhook that begins or resumes starts at the journal's head; durable before it returns.</summary>
    [Alias("Configure")]
    Task ConfigureAsync(WebhookSettings settings);

    /// <summary>Takes events and returns at once; they are posted later. Gaps before <paramref name="after"/> are read from the journal.</summary>
    [Alias("Offer")]
    Task OfferAsync(long after, long upTo, Immutable<IReadOnlyList<JournalEvent>> matching);

    /// <summary>Reads what it missed, if anything, and goes on.</summary>
    [Alias("Wake")]
    Task WakeAsync();

    /// <summary>Stops, and forgets everything.</summary>
    [Alias("Remove")]
    Task RemoveAsync();
}

/// <summary>All that a webhook needs to deliver. Holds the secret: never logged, never answered.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.webhook-settings")]
public sealed record WebhookSettings
{
    /// <summary>Whose it is.</summary>
    [Id(0)] public required TenantId Tenant { get; init; }

    /// <summary><c>wh_…</c></summary>
    [Id(1)] public required string WebhookId { get; init; }

    /// <summary>Where to post.</summary>
    [Id(2)] public required string Url { get; init; }

    /// <summary>Event names, or <c>*</c>.</summary>
    [Id(3)] public required IReadOnlyList<string> Events { get; init; }

    /// <summary>As it was given; null: unsigned.</summary>
    [Id(4)] public string? Secret { get; init; }

    /// <summary>False while the webhook is inactive or its tenant may not be delivered to.</summary>
    [Id(5)] public required bool Delivering { get; init; }

    /// <summary>True when nothing differs; equality would compare the lists of events by reference.</summary>
    public bool IsSameAs(WebhookSettings? other) => other is not null && this with { Events = other.Events } == other && Events.SequenceEqual(other.Events);

    /// <inheritdoc/>
    public override string ToString() => $"webhook {WebhookId} of {Tenant}";
}

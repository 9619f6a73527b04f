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

    /// <summary>As <see cref="AllowAsync"/>, with what else the tenant's tier says.</summary>
    [Alias("Permit")]
    Task PermitAsync(WebhookPermit permit);

    /// <summary>
    /// Gives a webhook a new secret, made here when <paramref name="secret"/> is null; the old ones go on signing for <paramref name="overlap"/> (0 to 7 days).
    /// Null when there is no such webhook. Throws <see cref="RefusedException"/> (Invalid).
    /// </summary>
    [Alias("RotateSecret")]
    Task<RotatedSecret?> RotateSecretAsync(string webhookId, string? secret, TimeSpan overlap);

    /// <summary>
    /// A webhook gave up on its endpoint: it is switched off, soon after this returns, so that the webhook itself may wait for it. Nothing when there is none, or it
    /// is off. <paramref name="reason"/>: <c>gone</c> or <c>failing</c>.
    /// </summary>
    [Alias("Disable")]
    Task DisableAsync(string webhookId, string reason);
}

/// <summary>What a tenant's tier allows its webhooks.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.webhook-permit")]
public sealed record WebhookPermit
{
    /// <summary>True while the tenant may be delivered to.</summary>
    [Id(0)] public required bool Deliveries { get; init; }

    /// <summary>How many webhooks it may have; null: as many as the installation allows anybody.</summary>
    [Id(1)] public int? MostWebhooks { get; init; }

    /// <summary>How long the log keeps a delivery that has ended.</summary>
    [Id(2)] public required TimeSpan LogRetention { get; init; }

    /// <summary>The tier that says so, for refusals.</summary>
    [Id(3)] public Tier? Tier { get; init; }

    /// <summary>The smallest tier that allows more webhooks; null: there is none.</summary>
    [Id(4)] public Tier? LargerTier { get; init; }
}

/// <summary>A new secret, shown this once.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.rotated-secret")]
public sealed record RotatedSecret
{
    /// <summary>The new secret; for <c>v1a</c> the public key, <c>whpk_…</c>, since the other never leaves.</summary>
    [Id(0)] public required string Secret { get; init; }

    /// <summary>How it signs.</summary>
    [Id(1)] public required SignatureScheme Scheme { get; init; }

    /// <summary>Until when the old ones sign, too; null when there was none.</summary>
    [Id(2)] public DateTimeOffset? OldUntil { get; init; }

    /// <inheritdoc/>
    public override string ToString() => "rotated secret";
}

/// <summary>One webhook: its backlog, order and concurrency. See <see cref="WebhookGrainKeys"/>.</summary>
[Alias("capacitor.IWebhookGrain")]
public interface IWebhookGrain : IGrainWithStringKey
{
    /// <summary>Takes a registration, or a changed one. A webhook that begins or resumes starts at the journal's head; durable before it returns.</summary>
    [Alias("Configure")]
    Task ConfigureAsync(WebhookSettings settings);

    /// <summary>
    /// Takes events and returns at once; they are posted later. Gaps before <paramref name="after"/> are read from the journal. Answers how long nothing would be
    /// kept of what is offered, since the endpoint is left alone; null: offers are welcome, and all that versions before this one know.
    /// </summary>
    [Alias("Offer")]
    Task<TimeSpan?> OfferAsync(long after, long upTo, Immutable<IReadOnlyList<JournalEvent>> matching);

    /// <summary>Reads what it missed, if anything, and goes on.</summary>
    [Alias("Wake")]
    Task WakeAsync();

    /// <summary>Stops, and forgets everything.</summary>
    [Alias("Remove")]
    Task RemoveAsync();

    /// <summary>How it is doing.</summary>
    [Alias("ReadHealth"), ResponseTimeout(AskAgain.Soon)]
    Task<WebhookHealth> ReadHealthAsync();

    /// <summary>
    /// Posts a <c>webhook.test</c> now, whatever else waits and be it active or not, and answers how it went; null when there is no such webhook. One at a time:
    /// throws <see cref="RefusedException"/> (Conflict).
    /// </summary>
    [Alias("Test"), AlwaysInterleave, ResponseTimeout("00:00:45")]
    Task<DeliveryRecord?> TestAsync();

    /// <summary>
    /// Makes one more attempt at a delivery, soon; null when there is no such delivery. Throws <see cref="RefusedException"/> (Conflict) when it is inactive or the
    /// event is kept no longer, or when too many wait already.
    /// </summary>
    [Alias("Redeliver")]
    Task<DeliveryRecord?> RedeliverAsync(string deliveryId);

    /// <summary>Sends events once more. Throws <see cref="RefusedException"/> (Invalid, Conflict, LimitReached).</summary>
    [Alias("StartReplay")]
    Task<Replay> StartReplayAsync(ReplayRequest request);

    /// <summary>The replays that run and the last that ended, newest first.</summary>
    [Alias("ListReplays"), ResponseTimeout(AskAgain.Soon)]
    Task<IReadOnlyList<Replay>> ListReplaysAsync();

    /// <summary>How much it missed while it was inactive and was not sent since; null: nothing is known to be missing.</summary>
    [Alias("CountMissed"), AlwaysInterleave, ResponseTimeout(AskAgain.Soon)]
    Task<MissedEvents?> CountMissedAsync();

    /// <summary>Calls a replay off; what is under way may still arrive. Null when there is none.</summary>
    [Alias("CancelReplay")]
    Task<Replay?> CancelReplayAsync(string replayId);
}

/// <summary>The keys of webhooks' grains: a prefix and the webhook's id.</summary>
public static class WebhookGrainKeys
{
    private const int PrefixLength = 2;

    /// <summary>The grain of a webhook.</summary>
    public static IWebhookGrain WebhookOf(this IGrainFactory grains, string webhookId) => grains.GetGrain<IWebhookGrain>("w/" + webhookId);

    /// <summary>The webhook of a grain.</summary>
    public static string WebhookIdOf(string key) => key[PrefixLength..];
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

    /// <summary>How events are to be delivered; null: as documented.</summary>
    [Id(6)] public WebhookPolicy? Policy { get; init; }

    /// <summary>Chargers whose events it gets; null: all.</summary>
    [Id(7)] public IReadOnlyList<string>? ChargeBoxIds { get; init; }

    /// <summary>Headers of the tenant's own.</summary>
    [Id(8)] public IReadOnlyList<WebhookHeader> Headers { get; init; } = [];

    /// <summary>What signs, newest first; null: <see cref="Secret"/> alone.</summary>
    [Id(9)] public IReadOnlyList<WebhookSecret>? Secrets { get; init; }

    /// <summary>Null: as every machine does it.</summary>
    [Id(10)] public WebhookTls? Tls { get; init; }

    /// <summary>Rises with every change of the registration; 0 for those of versions that did not count.</summary>
    [Id(11)] public long Version { get; init; }

    /// <summary>How long the log keeps a delivery that has ended.</summary>
    [Id(12)] public TimeSpan LogRetention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>True when nothing differs; equality would compare lists by reference, and a version stands for all of them.</summary>
    public bool IsSameAs(WebhookSettings? other) =>
        other is not null && Version == other.Version && Delivering == other.Delivering && LogRetention == other.LogRetention
        && (Version > 0 || (Url == other.Url && Secret == other.Secret && Events.SequenceEqual(other.Events)));

    /// <inheritdoc/>
    public override string ToString() => $"webhook {WebhookId} of {Tenant}";
}

using Capacitor.Webhooks;

namespace Capacitor.Api.Webhooks;

/// <summary>A webhook as documented: these members in this order, and never the secret.</summary>
internal sealed record WebhookBody(string Id, string Url, IReadOnlyList<string> Events, bool Active, DateTimeOffset CreatedAt)
{
    public static WebhookBody Of(Webhook webhook) => new(webhook.Id, webhook.Url, webhook.Events, webhook.Active, webhook.CreatedAt);
}

internal sealed record WebhookListBody(IReadOnlyList<WebhookBody> Webhooks);

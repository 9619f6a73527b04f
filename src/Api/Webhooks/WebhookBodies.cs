using System.Text.Json.Serialization;
using Capacitor.Webhooks;

namespace Capacitor.Api.Webhooks;

/// <summary>A webhook: the documented members in their order, and after them those that go beyond, each only when it is set. Never a secret.</summary>
internal sealed record WebhookBody(string Id, string Url, IReadOnlyList<string> Events, bool Active, DateTimeOffset CreatedAt)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Description { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? ChargeBoxIds { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RetryPolicyBody? RetryPolicy { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Ordering { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? OrderingTimeoutSeconds { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? TimeoutSeconds { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Conflate { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? DisableAfterHours { get; init; }

    /// <summary>Their names.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Headers { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Signature { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PublicKey { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WebhookTlsBody? Tls { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DisabledReason { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>Only in the answer to a change that activates it again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MissedBody? Missed { get; init; }

    public static WebhookBody Of(Webhook webhook)
    {
        var policy = webhook.Policy ?? WebhookPolicy.Documented;
        return new(webhook.Id, webhook.Url, webhook.Events, webhook.Active, webhook.CreatedAt)
        {
            Description = webhook.Description,
            ChargeBoxIds = webhook.ChargeBoxIds,
            RetryPolicy = policy.Retry is { } retry ? RetryPolicyBody.Of(retry) : null,
            Ordering = policy.StrictOrder ? SettingWords.Strict : null,
            OrderingTimeoutSeconds = policy.StrictFor == WebhookPolicy.Documented.StrictFor ? null : (int)policy.StrictFor.TotalSeconds,
            TimeoutSeconds = (int?)policy.Timeout?.TotalSeconds,
            Conflate = policy.Conflate.Count == 0 ? null : policy.Conflate,
            DisableAfterHours = (int?)policy.DisableAfter?.TotalHours,
            Headers = webhook.HeaderNames,
            Signature = webhook.Signature == SignatureScheme.V1 ? null : SettingWords.Of(webhook.Signature),
            PublicKey = webhook.PublicKey,
            Tls = webhook.Tls is { } tls ? WebhookTlsBody.Of(tls) : null,
            DisabledReason = webhook.DisabledReason,
            DisabledAt = webhook.DisabledAt,
        };
    }
}

internal sealed record RetryPolicyBody(
    int MaxAttempts, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<int>? DelaysSeconds)
{
    public static RetryPolicyBody Of(RetryPolicy retry) => new(retry.MaxAttempts, retry.Delays is { } delays ? [.. delays.Select(delay => (int)delay.TotalSeconds)] : null);
}

internal sealed record WebhookTlsBody(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] CertificateBody? ClientCertificate,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Authorities)
{
    public static WebhookTlsBody Of(WebhookTlsSummary tls) => new(
        tls is { Subject: { } subject, Thumbprint: { } thumbprint, NotAfter: { } notAfter } ? new(subject, thumbprint, notAfter) : null,
        tls.Authorities == 0 ? null : tls.Authorities);
}

internal sealed record CertificateBody(string Subject, string Thumbprint, DateTimeOffset NotAfter);

/// <summary>A new secret, or with <c>v1a</c> the new public key: in this answer and in no other.</summary>
internal sealed record RotatedSecretBody(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Secret,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? PublicKey,
    string Signature,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? OverlapUntil)
{
    public static RotatedSecretBody Of(RotatedSecret rotated)
    {
        var isPublic = rotated.Scheme == SignatureScheme.V1a;
        return new(isPublic ? null : rotated.Secret, isPublic ? rotated.Secret : null, SettingWords.Of(rotated.Scheme), rotated.OldUntil);
    }

    public override string ToString() => "rotated secret";
}

internal sealed record WebhookListBody(IReadOnlyList<WebhookBody> Webhooks);

/// <summary>What a webhook missed while it was inactive, for a replay with <c>missedOnly</c> and <c>from</c>. No number of events: there are too many to have been counted at once.</summary>
internal sealed record MissedBody(DateTimeOffset Since, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Events);

using Capacitor.Tenants;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

/// <summary>Where a webhook's events go and how they are signed, read once per change.</summary>
internal sealed class WebhookTarget
{
    private readonly WebhookSettings _settings;
    private AnswerRedaction? _redaction;

    /// <summary>From settings that were checked when they were registered.</summary>
    public WebhookTarget(WebhookSettings settings)
    {
        _settings = settings;
        Tenant = settings.Tenant;
        WebhookId = settings.WebhookId;
        Url = new Uri(settings.Url, UriKind.Absolute);
        Signer = new WebhookSigner(settings);
        Policy = settings.Policy ?? WebhookPolicy.Documented;
        LogRetention = settings.LogRetention;
        Headers = settings.Headers;
        Tls = settings.Tls;
        TlsKey = Tls is null ? null : LoadedTls.KeyOf(Tls);
        LoggedUrl = Url.GetLeftPart(UriPartial.Authority);
    }

    /// <summary>Whose it is.</summary>
    public TenantId Tenant { get; }

    /// <summary><c>wh_…</c></summary>
    public string WebhookId { get; }

    /// <summary>Where to post.</summary>
    public Uri Url { get; }

    /// <summary>What signs its deliveries.</summary>
    public WebhookSigner Signer { get; }

    /// <summary>How it wants its events delivered.</summary>
    public WebhookPolicy Policy { get; }

    /// <summary>How long the log keeps a delivery that has ended.</summary>
    public TimeSpan LogRetention { get; }

    /// <summary>The tenant's own headers.</summary>
    public IReadOnlyList<WebhookHeader> Headers { get; }

    /// <summary>What is taken out of answers before they are kept; null: nothing, there is no secret. Made for the first answer: most that are dead have none.</summary>
    public AnswerRedaction? Redaction => Headers.Count == 0 && _settings is { Secret: null, Secrets: null or [] }
        ? null
        : _redaction ??= new(Headers, (_settings.Secrets?.Select(secret => secret.Text) ?? []).Concat(_settings.Secret is { } only ? [only] : []));

    /// <summary>Null: as every machine does it.</summary>
    public WebhookTls? Tls { get; }

    /// <summary>Stands for <see cref="Tls"/>: webhooks with the same share connections.</summary>
    public string? TlsKey { get; }

    /// <summary>The URL's scheme and host. What follows is what keeps strangers away from many receivers.</summary>
    public string LoggedUrl { get; }
}

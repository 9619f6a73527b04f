using Capacitor.Chargers;
using Capacitor.Events;

namespace Capacitor.Grains.Webhooks;

/// <summary>What may be registered; each refusal says what was wrong and what is allowed.</summary>
internal sealed class WebhookRules(AddressGuard guard)
{
    /// <summary>The longest URL.</summary>
    public const int MaxUrlLength = 2_048;

    /// <summary>The longest secret.</summary>
    public const int MaxSecretLength = 256;

    /// <summary>The longest description.</summary>
    public const int MaxDescriptionLength = 256;

    /// <summary>The most chargers that a webhook can name.</summary>
    public const int MaxChargers = 1_000;

    private static readonly string Allowed = string.Join(", ", EventTypes.All)
        + $", a prefix such as transaction.*, names of your own such as {EventTypes.CustomPrefix}order_paid, all of those as {EventTypes.AnyCustom}, or {EventTypes.Any}";

    /// <summary>Checks a URL and, as far as names can be resolved now, the addresses it leads to.</summary>
    public async Task CheckUrlAsync(string? url)
    {
        var uri = ReadUrl(url);
        if (await guard.FindForbiddenAsync(uri.IdnHost) is { } address)
        {
            throw Wrong("url", $"The url leads to {address}, which is not a public address. Webhooks can only be delivered to public addresses.");
        }
    }

    /// <summary>Checks a URL's form.</summary>
    public static Uri ReadUrl(string? url)
    {
        if (string.IsNullOrEmpty(url))
        {
            throw Wrong("url", "The url is missing. It must be an absolute http or https URL.");
        }

        if (url.Length > MaxUrlLength)
        {
            throw Wrong("url", $"The url has {url.Length} characters; at most {MaxUrlLength} are allowed.");
        }

        if (url.AsSpan().ContainsAnyInRange('\0', ' ') || !Uri.TryCreate(url, UriKind.Absolute, out var uri) || !url.Contains("://", StringComparison.Ordinal))
        {
            throw Wrong("url", "The url must be an absolute http or https URL, such as https://example.com/webhooks.");
        }

        if (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
        {
            throw Wrong("url", $"The url has the scheme '{uri.Scheme}'; http and https are allowed.");
        }

        if (ForbiddenPorts.Contains(uri.Port))
        {
            throw Wrong("url", $"The url has the port {uri.Port}, {(uri.Port == 0 ? "which cannot be connected to" : "which belongs to a protocol other than HTTP, and which browsers refuse as well")}. Use another, such as 443 or 8443.");
        }

        if (uri.UserInfo.Length > 0 || uri.Authority.Contains('@', StringComparison.Ordinal))
        {
            throw Wrong("url", "The url must not contain a user name or password. Use a secret to let your endpoint recognise deliveries.");
        }

        return uri.Fragment.Length > 0 ? throw Wrong("url", "The url must not contain a fragment (#…); it would never be sent.") : uri;
    }

    /// <summary>Checks event names; each is kept once, in the order given.</summary>
    public static IReadOnlyList<string> ReadEvents(IReadOnlyList<string>? events)
    {
        if (events is null or { Count: 0 })
        {
            throw Wrong("events", $"The events must name at least one event. Allowed are {Allowed}.");
        }

        var kept = new List<string>();
        foreach (var name in events)
        {
            if (name is null || EventTypes.Named(name, EventTypes.All).Count == 0)
            {
                throw Wrong("events", $"The events contain '{Shorten(name)}', which is no event. Allowed are {Allowed}.");
            }

            if (!kept.Contains(name))
            {
                kept.Add(name);
            }
        }

        return kept.AsReadOnly();
    }

    /// <summary>Checks a secret; null is fine and means unsigned.</summary>
    public static string? ReadSecret(string? secret)
    {
        if (secret is null)
        {
            return null;
        }

        if (secret.Length is 0 or > MaxSecretLength)
        {
            throw Wrong("secret", $"The secret has {secret.Length} characters; 1 to {MaxSecretLength} are allowed. Leave it out for unsigned deliveries.");
        }

        return SigningKey.TryParse(secret, out _)
            ? secret
            : throw Wrong("secret", "The secret starts with 'whsec_', so the rest must be base64. Any other text is taken as it is.");
    }

    /// <summary>Checks a description; null is fine.</summary>
    public static string? ReadDescription(string? description) => description is null or { Length: > 0 and <= MaxDescriptionLength }
        ? description
        : throw Wrong("description", $"The description has {description.Length} characters; 1 to {MaxDescriptionLength} are allowed. Leave it out for none.");

    /// <summary>Checks the chargers of a webhook; each is kept once, in the order given. Null is fine and means all.</summary>
    public static IReadOnlyList<string>? ReadChargers(IReadOnlyList<string>? chargers)
    {
        if (chargers is null)
        {
            return null;
        }

        if (chargers.Count is 0 or > MaxChargers)
        {
            throw Wrong("chargeBoxIds", $"The chargeBoxIds have {chargers.Count} entries; 1 to {MaxChargers} are allowed. Leave them out to get the events of all chargers.");
        }

        foreach (var charger in chargers)
        {
            if (!ChargeBoxId.TryParse(charger, out _))
            {
                throw Wrong("chargeBoxIds", $"The chargeBoxIds contain '{Shorten(charger)}', which cannot be the id of a charger: 1 to {ChargeBoxId.MaxLength} letters, digits, spaces and *-_:=+|@.");
            }
        }

        return chargers.Distinct(StringComparer.OrdinalIgnoreCase).ToList().AsReadOnly();
    }

    /// <summary>Refuses a request for what it says of <paramref name="field"/>.</summary>
    public static RefusedException Wrong(string field, string message) => new(RefusalKind.Invalid, message, field);

    private static string Shorten(string? text) => text is null ? "null" : text.Length > 64 ? text[..64] + "…" : text;
}

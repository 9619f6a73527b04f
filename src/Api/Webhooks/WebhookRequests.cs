using Capacitor.Api.Json;
using Capacitor.Webhooks;

namespace Capacitor.Api.Webhooks;

/// <summary>Reads what a tenant asks of its webhooks. Types are checked here, meaning by the grain.</summary>
internal static class WebhookRequests
{
    private const int DefaultOverlapHours = 24;
    private const int MostHours = 1_000_000; // all of them are refused; more would not fit a TimeSpan

    public static async Task<NewWebhook> ReadNewAsync(HttpRequest request)
    {
        using var body = await JsonBody.ReadAsync(request);
        return new()
        {
            Url = body["url"].Text(),
            Events = body["events"].Texts(),
            Active = body["active"].NewFlag(),
            Secret = body["secret"].TextOrNull(),
            Description = body["description"].TextOrNull(),
            ChargeBoxIds = body["chargeBoxIds"].TextsOrNull(),
            Policy = ReadPolicy(body),
            Headers = Headers(body["headers"]),
            Signature = Signature(body["signature"]) ?? SignatureScheme.V1,
            Tls = Tls(body["tls"]),
        };
    }

    public static async Task<WebhookPatch> ReadPatchAsync(HttpRequest request)
    {
        using var body = await JsonBody.ReadAsync(request);
        return new()
        {
            Url = body["url"].NewText(),
            Events = body["events"].NewTexts(),
            Active = body["active"].NewFlag(),
            Secret = body["secret"].NewSetting(),
            Description = body["description"].Change(member => member.TextOrNull()),
            ChargeBoxIds = body["chargeBoxIds"].Change(member => member.TextsOrNull()),
            Retry = body["retryPolicy"].Change(Retry),
            StrictOrder = body["ordering"].Change(Strict),
            StrictFor = body["orderingTimeoutSeconds"].Change(Seconds),
            Timeout = body["timeoutSeconds"].Change(Seconds),
            Conflate = body["conflate"].Change(member => member.TextsOrNull()),
            DisableAfter = body["disableAfterHours"].Change(Hours),
            Headers = body["headers"].Change(Headers),
            Signature = body["signature"].Change(Signature),
            Tls = body["tls"].Change(Tls),
        };
    }

    public static async Task<(string? Secret, TimeSpan Overlap)> ReadRotationAsync(HttpRequest request)
    {
        using var body = await JsonBody.ReadOptionalAsync(request);
        return (body["secret"].TextOrNull(), Hours(body["overlapHours"]) ?? TimeSpan.FromHours(DefaultOverlapHours));
    }

    private static WebhookPolicy ReadPolicy(JsonBody body) => new()
    {
        Retry = Retry(body["retryPolicy"]),
        StrictOrder = Strict(body["ordering"]) ?? WebhookPolicy.Documented.StrictOrder,
        StrictFor = Seconds(body["orderingTimeoutSeconds"]) ?? WebhookPolicy.Documented.StrictFor,
        Timeout = Seconds(body["timeoutSeconds"]),
        Conflate = body["conflate"].TextsOrNull() ?? [],
        DisableAfter = Hours(body["disableAfterHours"]),
    };

    private static RetryPolicy? Retry(JsonMember member) => member.IsAbsentOrNull ? null : new()
    {
        MaxAttempts = member["maxAttempts"].Integer(),
        Delays = member["delaysSeconds"].IntegersOrNull()?.Select(seconds => TimeSpan.FromSeconds(seconds)).ToArray(),
    };

    private static IReadOnlyList<WebhookHeader>? Headers(JsonMember member) =>
        member.MembersOrNull()?.Select(header => new WebhookHeader(header.Name, header.Value.Text())).ToArray();

    private static WebhookTls? Tls(JsonMember member) => member.IsAbsentOrNull ? null : new()
    {
        ClientCertificate = member["clientCertificate"].TextOrNull(),
        ClientKey = member["clientKey"].TextOrNull(),
        Authorities = member["authorities"].TextOrNull(),
    };

    private static SignatureScheme? Signature(JsonMember member) => member.OneOfOrNull(SettingWords.V1, SettingWords.V1a) switch
    {
        SettingWords.V1a => SignatureScheme.V1a,
        SettingWords.V1 => SignatureScheme.V1,
        _ => null,
    };

    private static bool? Strict(JsonMember member) => member.OneOfOrNull(SettingWords.Strict, SettingWords.Relaxed) is { } word ? word == SettingWords.Strict : null;

    private static TimeSpan? Seconds(JsonMember member) => member.IntegerOrNull() is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    private static TimeSpan? Hours(JsonMember member) => member.IntegerOrNull() is { } hours ? TimeSpan.FromHours(Math.Clamp(hours, -MostHours, MostHours)) : null;
}

using Capacitor.Api.Json;
using Capacitor.Webhooks;

namespace Capacitor.Api.Webhooks;

/// <summary>Reads what a tenant asks of its webhooks. Types are checked here, meaning by the grain.</summary>
internal static class WebhookRequests
{
    public static async Task<NewWebhook> ReadNewAsync(HttpRequest request)
    {
        using var body = await JsonBody.ReadAsync(request);
        return new()
        {
            Url = body["url"].Text(),
            Events = body["events"].Texts(),
            Secret = body["secret"].TextOrNull(),
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
        };
    }
}

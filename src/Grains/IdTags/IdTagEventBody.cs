using Capacitor.Grains.Events;
using Capacitor.IdTags;

namespace Capacitor.Grains.IdTags;

/// <summary>What webhooks receive of tags: the same members in all events, and a reason where something was taken away.</summary>
internal static class IdTagEventBody
{
    public static byte[] Of(string type, IdTag tag, string? reason, DateTimeOffset now)
    {
        var json = EventJson.Begin(type, now);
        json.WriteString("idTag"u8, tag.Text);
        json.WriteString("status"u8, tag.StandingAt(now).ToString());
        EventJson.WriteTime(json, "expiresAt"u8, tag.ExpiresAt);
        json.WriteString("userId"u8, tag.UserId);
        if (reason is not null)
        {
            json.WriteString("reason"u8, reason);
        }

        return EventJson.End(json);
    }
}

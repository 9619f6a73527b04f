using Capacitor.Grains.Events;
using Capacitor.Users;

namespace Capacitor.Grains.Users;

/// <summary>What webhooks receive of users.</summary>
internal static class UserEventBody
{
    public static byte[] Of(string type, User user, IReadOnlyList<string>? changed, DateTimeOffset now)
    {
        var json = EventJson.Begin(type, now);
        json.WriteString("userId"u8, user.Id);
        json.WriteString("externalId"u8, user.ExternalId);
        json.WriteString("name"u8, user.Name);
        json.WriteString("email"u8, user.Email);
        json.WriteString("status"u8, user.Status == UserStatus.Active ? "active"u8 : "suspended"u8);
        if (changed is not null)
        {
            json.WriteStartArray("changedFields"u8);
            foreach (var field in changed)
            {
                json.WriteStringValue(field);
            }

            json.WriteEndArray();
        }

        return EventJson.End(json);
    }
}

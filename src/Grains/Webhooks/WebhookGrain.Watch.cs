using System.Text.Json;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Grains.Chargers;
using Capacitor.Tenants;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

/// <summary>Deactivates a webhook that delivers nothing for as long as it was given, and says so on the way, in events that can be read whatever its endpoint does.</summary>
internal sealed partial class WebhookGrain
{
    private const int FewestFailures = 3;

    private static readonly int[] WarnAt = [50, 70, 90];

    private Task _disabling = Task.CompletedTask;

    // Time goes by without events, too.
    private bool IsOnWatch => State.Disabling is not null || (State.FailingSince is not null && _settings?.Policy?.DisableAfter is not null);

    // True when something is to be saved.
    private bool Watch(DeliveryPump pump)
    {
        if (State.Disabling is not null)
        {
            return false;
        }

        if (pump.IsGone)
        {
            return GiveUp("gone", pump.Failing?.Since ?? time.GetUtcNow());
        }

        if (_settings?.Policy?.DisableAfter is not { } patience)
        {
            var wasWatched = State.FailingSince is not null;
            (State.FailingSince, State.Failures, State.Warned) = (null, 0, 0);
            return wasWatched;
        }

        return pump.Failing is var (since, failures) ? Fails(since, failures, patience) : Recovers();
    }

    private bool Fails(DateTimeOffset since, int failures, TimeSpan patience)
    {
        var isNews = State.FailingSince is null;
        (State.FailingSince, State.Failures) = (since, failures);
        if (failures < FewestFailures)
        {
            return isNews;
        }

        var percent = (int)Math.Min(100, (time.GetUtcNow() - since) / patience * 100);
        if (percent >= 100)
        {
            return GiveUp("failing", since);
        }

        var warning = Array.FindLast(WarnAt, level => level <= percent);
        if (warning <= State.Warned)
        {
            return isNews;
        }

        State.Warned = warning;
        Log.Failing(logger, Id, since, warning);
        Emit(EventTypes.WebhookFailing, json =>
        {
            json.WriteString("failingSince", Text(since));
            json.WriteString("disabledAt", Text(since + patience));
            json.WriteNumber("spent", warning);
        });
        return true;
    }

    private bool Recovers()
    {
        if (State.FailingSince is not { } since)
        {
            return false;
        }

        if (State.Warned > 0)
        {
            Emit(EventTypes.WebhookRecovered, json => json.WriteString("failingSince", Text(since)));
        }

        (State.FailingSince, State.Failures, State.Warned) = (null, 0, 0);
        return true;
    }

    private bool GiveUp(string reason, DateTimeOffset since)
    {
        State.Disabling = reason;
        Log.Disabled(logger, Id, reason);
        Emit(EventTypes.WebhookDisabled, json =>
        {
            json.WriteString("reason", reason);
            json.WriteString("failingSince", Text(since));
        });
        return true;
    }

    // Its tenant's grain decides, and tells this one by a call of its own: it must not be waited for. Until then it is asked again.
    private void Disable()
    {
        if (State.Disabling is { } reason && _settings is { Delivering: true } && _disabling.IsCompleted)
        {
            _disabling = AskAsync(reason);
        }
    }

    private async Task AskAsync(string reason)
    {
        try
        {
            await GrainFactory.GetGrain<ITenantWebhooksGrain>(_settings!.Tenant.GrainKey).DisableAsync(Id, reason);
        }
        catch (Exception failure)
        {
            Log.NotDisabled(logger, failure, Id);
        }
    }

    private void Emit(string type, Action<Utf8JsonWriter> write)
    {
        var now = time.GetUtcNow();
        State.Outbox.Events.Add(new NewEvent
        {
            Id = EventId.Derive(Id, ++State.Events),
            Type = type,
            Tenant = _settings!.Tenant,
            ChargeBoxId = ChargeBoxId.None,
            At = now,
            Body = BodyOf(type, now, write),
        });
    }

    private byte[] BodyOf(string type, DateTimeOffset now, Action<Utf8JsonWriter>? write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("event", type);
            json.WriteString("timestamp", Text(now));
            json.WriteStartObject("data");
            json.WriteString("webhookId", Id);
            write?.Invoke(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}

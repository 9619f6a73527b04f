using Capacitor.Events;

namespace Capacitor.Grains.Webhooks;

/// <summary>The ways from a tenant's stream to those of its webhooks that are delivered to. An event that none of them wants costs look-ups and no memory.</summary>
internal sealed class WebhookRoutes
{
    private readonly Dictionary<string, WebhookRoute> _byId = [];
    private WebhookRoute[] _all = [];

    /// <summary>Their webhooks.</summary>
    public IReadOnlyCollection<string> Ids => _byId.Keys;

    /// <summary>Takes what the stream brought.</summary>
    public void Add(EventSlice slice)
    {
        foreach (var route in _all)
        {
            route.Add(slice);
        }
    }

    /// <summary>A webhook's way from now on; null: it has none. The one before is closed.</summary>
    public void Set(string webhookId, WebhookRoute? route)
    {
        if (_byId.Remove(webhookId, out var old))
        {
            old.Close();
        }

        if (route is not null)
        {
            _byId.Add(webhookId, route);
        }

        _all = [.. _byId.Values];
    }

    /// <summary>Closes them all.</summary>
    public void Close()
    {
        foreach (var route in _all)
        {
            route.Close();
        }
    }
}

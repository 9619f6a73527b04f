using Capacitor.Api.Chargers;
using Capacitor.Api.Commands;
using Capacitor.Api.Events;
using Capacitor.Api.IdTags;
using Capacitor.Api.Payments;
using Capacitor.Api.Reservations;
using Capacitor.Api.Tenants;
using Capacitor.Api.Transactions;
using Capacitor.Api.Users;
using Capacitor.Api.Webhooks;

namespace Capacitor.Api.Docs;

/// <summary>All that is said of routes. A test holds it to what is mapped.</summary>
internal static class RouteDocs
{
    private const string Base = "/api/v1";

    /// <summary>In the order of the reference.</summary>
    public static IReadOnlyList<DocSection> Sections { get; } =
    [
        ChargerDocs.Section,
        TransactionDocs.Section,
        IdTagDocs.Section,
        UserDocs.Section,
        PaymentDocs.Section,
        CommandDocs.Section,
        ReservationDocs.Section,
        EventDocs.Section,
        WebhookDocs.Section,
        DeliveryDocs.Section,
        AuthorityDocs.Section,
        OwnTenantDocs.Section,
        TenantDocs.Section,
    ];

    private static readonly Dictionary<string, (DocSection Section, RouteDoc Route)> Routes =
        Sections.SelectMany(section => section.Routes.Select(route => (section, route))).ToDictionary(item => Key(item.route.Method, Base + item.route.Path));

    /// <summary>Each as <c>GET /api/v1/…</c>.</summary>
    public static IEnumerable<string> Keys => Routes.Keys;

    /// <summary>Null when nothing is said of it.</summary>
    public static (DocSection Section, RouteDoc Route)? Find(string method, string path) =>
        Routes.TryGetValue(Key(method, path), out var found) ? found : null;

    public static string Key(string method, string path) => $"{method.ToUpperInvariant()} {path.TrimEnd('/')}";
}

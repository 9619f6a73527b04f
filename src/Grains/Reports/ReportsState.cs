using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Grains.Chargers;
using Capacitor.Tenants;

namespace Capacitor.Grains.Reports;

/// <summary>What gives a tenant's own events their ids. What was reported is in the journal, and not here.</summary>
[GenerateSerializer, Alias("capacitor.state.reports")]
internal sealed class ReportsState : IHasOutbox
{
    /// <summary>Unique: with the number of an event it makes its id.</summary>
    [Id(0)] public string? Id { get; set; }

    /// <summary>How many events there have been.</summary>
    [Id(1)] public long Sequence { get; set; }

    [field: NonSerialized]
    public Outbox Outbox { get; } = new();

    /// <summary>Puts an event in the outbox, and returns its id.</summary>
    public string Emit(TenantId tenant, string type, ChargeBoxId charger, DateTimeOffset now, byte[] body)
    {
        var id = EventId.Derive(Id ??= RandomId.New("rep_"), ++Sequence);
        Outbox.Events.Add(new NewEvent { Id = id, Type = type, Tenant = tenant, ChargeBoxId = charger, At = now, Body = body });
        return id;
    }
}

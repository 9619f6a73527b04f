using Capacitor.Tenants;

namespace Capacitor.Reports;

/// <summary>Takes what a tenant's own systems report: payments, and events of their own. Key: <see cref="TenantId.GrainKey"/>.</summary>
[Alias("capacitor.ITenantReportsGrain")]
public interface ITenantReportsGrain : IGrainWithStringKey
{
    /// <summary>
    /// Records a payment. Throws <see cref="RefusedException"/>: Invalid when it would give back what was not paid, Unavailable when too much waits to be stored.
    /// </summary>
    [Alias("ReportPayment")]
    Task<Payment> ReportAsync(NewPayment payment);

    /// <summary>Publishes an event. Throws <see cref="RefusedException"/> (Unavailable) when too much waits to be stored.</summary>
    [Alias("Publish")]
    Task<CustomEvent> PublishAsync(NewCustomEvent item);
}

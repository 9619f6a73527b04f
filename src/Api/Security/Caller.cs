using Capacitor.Tenants;

namespace Capacitor.Api.Security;

/// <summary>The tenant a request speaks for; handlers take it as an argument.</summary>
internal sealed record Caller(Tenant Tenant)
{
    public TenantId Id => Tenant.Id;

    public string GrainKey => Tenant.Id.GrainKey;

    public static ValueTask<Caller?> BindAsync(HttpContext context) => new(context.Features.Get<Caller>());
}

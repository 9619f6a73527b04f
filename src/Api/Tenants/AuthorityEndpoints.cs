using Capacitor.Api.Errors;
using Capacitor.Api.Json;
using Capacitor.Api.Security;
using Capacitor.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capacitor.Api.Tenants;

/// <summary>The authorities that sign certificates of a tenant's chargers: for the tenant itself, and for the operator.</summary>
internal static class AuthorityEndpoints
{
    private const string Path = "/certificate-authorities";
    private const int MaxPem = 256 * 1024;

    public static void MapAuthorities(this IEndpointRouteBuilder api)
    {
        api.MapGet(Path, async (Caller caller, IGrainFactory grains) => await ListAsync(Tenant(grains, caller.Id)));
        api.MapPost(Path, async (Caller caller, HttpRequest request, IGrainFactory grains) => await AddAsync(Tenant(grains, caller.Id), request));
        api.MapDelete(Path + "/{fingerprint}", async (Caller caller, string fingerprint, IGrainFactory grains) =>
            await RemoveAsync(Tenant(grains, caller.Id), fingerprint));
    }

    public static void MapTenantAuthorities(this IEndpointRouteBuilder admin)
    {
        var tenant = admin.MapGroup("/tenants/{tenantId}" + Path);
        tenant.MapGet("", async Task<Results<Ok<AuthorityListBody>, ApiError>> (string tenantId, IGrainFactory grains) =>
            await FindAsync(grains, tenantId) is { } found ? await ListAsync(found) : Missing(tenantId));
        tenant.MapPost("", async Task<Results<Ok<AuthorityListBody>, ApiError>> (string tenantId, HttpRequest request, IGrainFactory grains) =>
            await FindAsync(grains, tenantId) is { } found ? await AddAsync(found, request) : Missing(tenantId));
        tenant.MapDelete("/{fingerprint}", async (string tenantId, string fingerprint, IGrainFactory grains) =>
            await FindAsync(grains, tenantId) is { } found ? await RemoveAsync(found, fingerprint) : Missing(tenantId));
    }

    private static async Task<Ok<AuthorityListBody>> ListAsync(ITenantGrain tenant) => TypedResults.Ok(AuthorityListBody.Of(await tenant.ListAuthoritiesAsync()));

    private static async Task<Ok<AuthorityListBody>> AddAsync(ITenantGrain tenant, HttpRequest request)
    {
        using var body = await JsonBody.ReadAsync(request);
        return TypedResults.Ok(AuthorityListBody.Of(await tenant.AddAuthoritiesAsync(body["pem"].Text(MaxPem))));
    }

    private static async Task<Results<Ok<MessageBody>, ApiError>> RemoveAsync(ITenantGrain tenant, string fingerprint) =>
        await tenant.RemoveAuthorityAsync(fingerprint)
            ? TypedResults.Ok(new MessageBody("Certificate authority deleted successfully"))
            : ApiError.NotFound($"Certificate authority {fingerprint} not found");

    private static async Task<ITenantGrain?> FindAsync(IGrainFactory grains, string tenantId)
    {
        var tenant = Tenant(grains, new TenantId(tenantId));
        return await tenant.FindAsync() is null ? null : tenant;
    }

    private static ITenantGrain Tenant(IGrainFactory grains, TenantId tenant) => grains.GetGrain<ITenantGrain>(tenant.GrainKey);

    private static ApiError Missing(string tenantId) => ApiError.NotFound($"Tenant {tenantId} not found");
}

using System.Security.Cryptography;
using Capacitor.Api.Errors;
using Capacitor.Api.Json;
using Capacitor.Api.Security;
using Capacitor.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capacitor.Api.Tenants;

/// <summary>The operator's API: tenants and their keys.</summary>
internal static class TenantEndpoints
{
    private const string IdCharacters = "0123456789abcdefghijklmnopqrstuvwxyz";

    public static void MapTenants(this IEndpointRouteBuilder admin)
    {
        var tenants = admin.MapGroup("/tenants");
        tenants.MapPost("", CreateAsync);
        tenants.MapGet("", ListAsync);
        tenants.MapGet("/{tenantId}", FindAsync);
        tenants.MapPatch("/{tenantId}", ChangeAsync);
        tenants.MapDelete("/{tenantId}", RemoveAsync);
        tenants.MapPost("/{tenantId}/api-keys", CreateKeyAsync);
        tenants.MapGet("/{tenantId}/api-keys", ListKeysAsync);
        tenants.MapDelete("/{tenantId}/api-keys/{keyId}", RevokeKeyAsync);
    }

    private static async Task<Created<TenantBody>> CreateAsync(HttpRequest request, IGrainFactory grains)
    {
        var (name, tier) = await TenantRequests.ReadNewAsync(request);
        var id = new TenantId("ten_" + RandomNumberGenerator.GetString(IdCharacters, 20));
        var tenant = await Tenant(grains, id.Value).CreateAsync(name, tier);
        return TypedResults.Created($"/api/v1/admin/tenants/{id}", TenantBody.Of(tenant));
    }

    private static async Task<Ok<TenantListBody>> ListAsync(HttpRequest request, IGrainFactory grains)
    {
        var paging = Paging.Of(request);
        var ids = await grains.GetGrain<ITenantDirectoryGrain>(ITenantDirectoryGrain.Key).ListAsync();
        var page = await Task.WhenAll(ids.Skip(paging.Offset).Take(paging.Limit).Select(id => Tenant(grains, id.Value).FindAsync()));
        return TypedResults.Ok(new TenantListBody([.. page.OfType<Tenant>().Select(TenantBody.Of)], PaginationBody.Of(paging, ids.Count)));
    }

    private static async Task<Results<Ok<TenantBody>, ApiError>> FindAsync(string tenantId, IGrainFactory grains) =>
        await Tenant(grains, tenantId).FindAsync() is { } tenant ? TypedResults.Ok(TenantBody.Of(tenant)) : Missing(tenantId);

    private static async Task<Results<Ok<TenantBody>, ApiError>> ChangeAsync(string tenantId, HttpRequest request, IGrainFactory grains)
    {
        if (await Tenant(grains, tenantId).FindAsync() is null)
        {
            return Missing(tenantId);
        }

        var patch = await TenantRequests.ReadPatchAsync(request);
        return await Tenant(grains, tenantId).ChangeAsync(patch) is { } tenant ? TypedResults.Ok(TenantBody.Of(tenant)) : Missing(tenantId);
    }

    private static async Task<Results<Ok<MessageBody>, ApiError>> RemoveAsync(string tenantId, IGrainFactory grains) =>
        await Tenant(grains, tenantId).RemoveAsync() ? TypedResults.Ok(new MessageBody("Tenant deleted successfully")) : Missing(tenantId);

    private static async Task<Results<Created<CreatedKeyBody>, ApiError>> CreateKeyAsync(string tenantId, HttpRequest request, IGrainFactory grains)
    {
        if (await Tenant(grains, tenantId).FindAsync() is null)
        {
            return Missing(tenantId);
        }

        var created = await Tenant(grains, tenantId).CreateKeyAsync(await TenantRequests.ReadKeyNameAsync(request));
        return TypedResults.Created((string?)null, CreatedKeyBody.Of(created));
    }

    private static async Task<Results<Ok<KeyListBody>, ApiError>> ListKeysAsync(string tenantId, IGrainFactory grains)
    {
        if (await Tenant(grains, tenantId).FindAsync() is null)
        {
            return Missing(tenantId);
        }

        var keys = await Tenant(grains, tenantId).ListKeysAsync();
        return TypedResults.Ok(new KeyListBody([.. keys.Select(KeyBody.Of)]));
    }

    private static async Task<Results<Ok<MessageBody>, ApiError>> RevokeKeyAsync(string tenantId, string keyId, IGrainFactory grains)
    {
        if (await Tenant(grains, tenantId).FindAsync() is null)
        {
            return Missing(tenantId);
        }

        return await Tenant(grains, tenantId).RevokeKeyAsync(keyId)
            ? TypedResults.Ok(new MessageBody("API key revoked successfully"))
            : ApiError.NotFound($"API key {keyId} not found");
    }

    private static ITenantGrain Tenant(IGrainFactory grains, string tenantId) => grains.GetGrain<ITenantGrain>(new TenantId(tenantId).GrainKey);

    private static ApiError Missing(string tenantId) => ApiError.NotFound($"Tenant {tenantId} not found");
}

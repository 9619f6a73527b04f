using Capacitor.Api.Errors;
using Capacitor.Api.Json;
using Capacitor.Api.Security;
using Capacitor.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capacitor.Api.Tenants;

/// <summary>What a tenant sees of itself, and its own keys.</summary>
internal static class OwnTenantEndpoints
{
    public static void MapOwnTenant(this IEndpointRouteBuilder api)
    {
        api.MapGet("/tenant", FindAsync);
        api.MapPatch("/tenant", ChangeAsync);

        var keys = api.MapGroup("/auth/api-keys");
        keys.MapPost("", CreateKeyAsync);
        keys.MapGet("", ListKeysAsync);
        keys.MapDelete("/{keyId}", RevokeKeyAsync);
    }

    private static Task<Results<Ok<OwnTenantBody>, ApiError>> FindAsync(Caller caller, IGrainFactory grains) => DescribeAsync(Own(grains, caller));

    private static async Task<Results<Ok<OwnTenantBody>, ApiError>> ChangeAsync(Caller caller, HttpRequest request, IGrainFactory grains)
    {
        var patch = await TenantRequests.ReadOwnPatchAsync(request);
        return await Own(grains, caller).ChangeAsync(patch) is null ? Gone() : await DescribeAsync(Own(grains, caller));
    }

    private static async Task<Created<CreatedKeyBody>> CreateKeyAsync(Caller caller, HttpRequest request, IGrainFactory grains)
    {
        var created = await Own(grains, caller).CreateKeyAsync(await TenantRequests.ReadKeyNameAsync(request));
        return TypedResults.Created((string?)null, CreatedKeyBody.Of(created));
    }

    private static async Task<Ok<KeyListBody>> ListKeysAsync(Caller caller, IGrainFactory grains)
    {
        var keys = await Own(grains, caller).ListKeysAsync();
        return TypedResults.Ok(new KeyListBody([.. keys.Select(KeyBody.Of)]));
    }

    private static async Task<Results<Ok<MessageBody>, ApiError>> RevokeKeyAsync(Caller caller, string keyId, IGrainFactory grains) =>
        await Own(grains, caller).RevokeOwnKeyAsync(keyId)
            ? TypedResults.Ok(new MessageBody("API key revoked successfully"))
            : ApiError.NotFound($"API key {keyId} not found");

    private static async Task<Results<Ok<OwnTenantBody>, ApiError>> DescribeAsync(ITenantGrain tenant) =>
        await tenant.ReadUsageAsync() is { } usage ? TypedResults.Ok(OwnTenantBody.Of(usage)) : Gone();

    private static ITenantGrain Own(IGrainFactory grains, Caller caller) => grains.GetGrain<ITenantGrain>(caller.GrainKey);

    private static ApiError Gone() => ApiError.NotFound("This account was deleted");
}

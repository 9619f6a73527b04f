using Capacitor.Api.Errors;
using Capacitor.Api.Json;
using Capacitor.Api.Records;
using Capacitor.Api.Security;
using Capacitor.Events;
using Capacitor.Records;
using Capacitor.Users;
using Microsoft.AspNetCore.Http.HttpResults;
using Orleans.Serialization;

namespace Capacitor.Api.Users;

/// <summary>Who charges, as a tenant's other systems report it.</summary>
internal static class UserEndpoints
{
    public static void MapUsers(this IEndpointRouteBuilder api)
    {
        var users = api.MapGroup("/users");
        users.MapPost("", CreateAsync);
        users.MapGet("", ListAsync);
        users.MapGet("/{userId}", FindAsync);
        users.MapPatch("/{userId}", ChangeAsync);
        users.MapDelete("/{userId}", RemoveAsync);
    }

    private static async Task<Created<UserBody>> CreateAsync(Caller caller, HttpRequest request, IGrainFactory grains)
    {
        var user = await grains.GetGrain<IUserGrain>(UserId.New(caller.Id).GrainKey).CreateAsync(await UserRequests.ReadNewAsync(request));
        return TypedResults.Created($"/api/v1/users/{user.Id}", UserBody.Of(user));
    }

    private static async Task<Ok<UserListBody>> ListAsync(Caller caller, HttpRequest request, IGrainFactory grains, Serializer serializer)
    {
        var paging = Paging.Of(request);
        var status = Query.OneOf(request, "status", UserRequests.Statuses);
        var filter = new RecordFilter
        {
            Kind = RecordKinds.User,
            Statuses = status is null ? null : [UserRequests.Parse(status).ToString()],
            Parent = Query.Text(request, "externalId"),
        };
        var page = await Records(grains, caller).ListRecordsAsync(filter, paging.Limit, paging.Offset);
        return TypedResults.Ok(new UserListBody(serializer.Read<User, UserBody>(page, UserBody.Of), PaginationBody.Of(paging, page.Total)));
    }

    private static async Task<Results<Ok<UserBody>, ApiError>> FindAsync(Caller caller, string userId, IGrainFactory grains, Serializer serializer) =>
        await Records(grains, caller).FindRecordAsync(RecordKinds.User, userId) is { } row ? TypedResults.Ok(UserBody.Of(serializer.Read<User>(row))) : Missing(userId);

    private static async Task<Results<Ok<UserBody>, ApiError>> ChangeAsync(Caller caller, string userId, HttpRequest request, IGrainFactory grains)
    {
        if (await Records(grains, caller).FindRecordAsync(RecordKinds.User, userId) is null)
        {
            return Missing(userId); // a missing user is told before a wrong body
        }

        var changed = await grains.GetGrain<IUserGrain>(new UserId(caller.Id, userId).GrainKey).ChangeAsync(await UserRequests.ReadPatchAsync(request));
        return changed is null ? Missing(userId) : TypedResults.Ok(UserBody.Of(changed));
    }

    private static async Task<Results<Ok<MessageBody>, ApiError>> RemoveAsync(Caller caller, string userId, IGrainFactory grains) =>
        UserId.TryParse(caller.Id, userId, out var id) && await grains.GetGrain<IUserGrain>(id.GrainKey).RemoveAsync()
            ? TypedResults.Ok(new MessageBody("User deleted successfully"))
            : Missing(userId);

    private static ITenantRecordsGrain Records(IGrainFactory grains, Caller caller) => grains.GetGrain<ITenantRecordsGrain>(caller.GrainKey);

    private static ApiError Missing(string userId) => ApiError.NotFound($"User {userId} not found");
}

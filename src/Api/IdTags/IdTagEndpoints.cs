using Capacitor.Api.Errors;
using Capacitor.Api.Json;
using Capacitor.Api.Records;
using Capacitor.Api.Security;
using Capacitor.Events;
using Capacitor.IdTags;
using Capacitor.Records;
using Microsoft.AspNetCore.Http.HttpResults;
using Orleans.Serialization;

namespace Capacitor.Api.IdTags;

/// <summary>A tenant's id tags, addressed by the tag in whatever case.</summary>
internal static class IdTagEndpoints
{
    public static void MapIdTags(this IEndpointRouteBuilder api)
    {
        var tags = api.MapGroup("/id-tags");
        tags.MapPost("", RegisterAsync);
        tags.MapGet("", ListAsync);
        tags.MapGet("/{idTag}", FindAsync);
        tags.MapPatch("/{idTag}", (Caller caller, string idTag, HttpRequest request, IGrainFactory grains) =>
            ChangeAsync(caller, idTag, grains, () => IdTagRequests.ReadPatchAsync(request)));
        tags.MapDelete("/{idTag}", RemoveAsync);
        tags.MapPost("/{idTag}/assign", (Caller caller, string idTag, HttpRequest request, IGrainFactory grains) =>
            ChangeAsync(caller, idTag, grains, () => IdTagRequests.ReadAssignmentAsync(request)));
        tags.MapPost("/{idTag}/revoke", (Caller caller, string idTag, HttpRequest request, IGrainFactory grains) =>
            ChangeAsync(caller, idTag, grains, () => IdTagRequests.ReadRevocationAsync(request)));
        tags.MapPost("/{idTag}/block", (Caller caller, string idTag, HttpRequest request, IGrainFactory grains) =>
            ChangeAsync(caller, idTag, grains, () => IdTagRequests.ReadBlockAsync(request)));
        tags.MapPost("/{idTag}/unblock", (Caller caller, string idTag, IGrainFactory grains) =>
            ChangeAsync(caller, idTag, grains, () => Task.FromResult(new IdTagPatch { Status = IdTagStatus.Accepted })));
    }

    private static async Task<Created<IdTagBody>> RegisterAsync(Caller caller, HttpRequest request, IGrainFactory grains)
    {
        var tag = await grains.GetGrain<ITenantIdTagsGrain>(caller.GrainKey).CreateAsync(await IdTagRequests.ReadNewAsync(request));
        return TypedResults.Created($"/api/v1/id-tags/{Uri.EscapeDataString(tag.Text)}", IdTagBody.Of(tag));
    }

    private static async Task<Ok<IdTagListBody>> ListAsync(Caller caller, HttpRequest request, IGrainFactory grains, Serializer serializer)
    {
        var paging = Paging.Of(request);
        var status = Query.OneOf(request, "status", IdTagRequests.Statuses);
        var filter = new RecordFilter { Kind = RecordKinds.IdTag, Statuses = status is null ? null : [status], Parent = Query.Text(request, "userId") };
        var page = await grains.GetGrain<ITenantRecordsGrain>(caller.GrainKey).ListRecordsAsync(filter, paging.Limit, paging.Offset);
        return TypedResults.Ok(new IdTagListBody(serializer.Read<IdTag, IdTagBody>(page, IdTagBody.Of), PaginationBody.Of(paging, page.Total)));
    }

    private static async Task<Results<Ok<IdTagBody>, ApiError>> FindAsync(Caller caller, string idTag, IGrainFactory grains) =>
        IdTagId.TryParse(caller.Id, idTag, out var id) && await grains.GetGrain<IIdTagGrain>(id.GrainKey).FindAsync() is { } tag
            ? TypedResults.Ok(IdTagBody.Of(tag))
            : Missing(idTag);

    private static async Task<Results<Ok<IdTagBody>, ApiError>> ChangeAsync(Caller caller, string idTag, IGrainFactory grains, Func<Task<IdTagPatch>> read)
    {
        if (!IdTagId.TryParse(caller.Id, idTag, out var id) || await grains.GetGrain<IIdTagGrain>(id.GrainKey).FindAsync() is null)
        {
            return Missing(idTag); // a missing tag is told before a wrong body
        }

        return await grains.GetGrain<IIdTagGrain>(id.GrainKey).ChangeAsync(await read()) is { } tag ? TypedResults.Ok(IdTagBody.Of(tag)) : Missing(idTag);
    }

    private static async Task<Results<Ok<MessageBody>, ApiError>> RemoveAsync(Caller caller, string idTag, IGrainFactory grains) =>
        IdTagId.TryParse(caller.Id, idTag, out var id) && await grains.GetGrain<ITenantIdTagsGrain>(caller.GrainKey).RemoveAsync(id)
            ? TypedResults.Ok(new MessageBody("Id tag deleted successfully"))
            : Missing(idTag);

    private static ApiError Missing(string idTag) => ApiError.NotFound($"Id tag {idTag} not found");
}

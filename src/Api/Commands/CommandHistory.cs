using Capacitor.Api.Chargers;
using Capacitor.Api.Errors;
using Capacitor.Api.Records;
using Capacitor.Api.Security;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Records;
using Microsoft.AspNetCore.Http.HttpResults;
using Orleans.Serialization;

namespace Capacitor.Api.Commands;

/// <summary>Commands that were given, and how far they have come.</summary>
internal static class CommandHistory
{
    public static async Task<Results<Ok<CommandBody>, ApiError>> FindAsync(Caller caller, string commandId, IGrainFactory grains, Serializer serializer)
    {
        if (!CommandIds.TryParse(commandId, out var id)
            || await grains.GetGrain<ITenantRecordsGrain>(caller.GrainKey).FindRecordAsync(RecordKinds.Command, CommandIds.Of(id)) is not { } row)
        {
            return ApiError.NotFound($"Command {commandId} not found");
        }

        return TypedResults.Ok(CommandBody.Of(await CurrentAsync(serializer.Read<CommandRecord>(row), caller, grains)));
    }

    public static async Task<Results<Ok<CommandListBody>, ApiError>> ListAsync(
        Caller caller, string chargeBoxId, HttpRequest request, IGrainFactory grains, Serializer serializer)
    {
        if (await ChargerEndpoints.LookUpAsync(grains, caller, chargeBoxId) is not { Charger.ChargeBoxId: var id })
        {
            return ChargerEndpoints.Missing(chargeBoxId);
        }

        var paging = Paging.Of(request);
        var status = Query.OneOf(request, "status", CommandBody.Statuses);
        var filter = new RecordFilter { Kind = RecordKinds.Command, Charger = id, Parent = Query.Text(request, "command"), Statuses = status is null ? null : [status] };
        var page = await grains.GetGrain<ITenantRecordsGrain>(caller.GrainKey).ListRecordsAsync(filter, paging.Limit, paging.Offset);
        return TypedResults.Ok(new CommandListBody(
            [.. page.Items.Select(row => CommandBody.Of(serializer.Read<CommandRecord>(row)))], PaginationBody.Of(paging, page.Total)));
    }

    // That it went out is in the memory of its charger's grain until it has ended.
    private static async Task<CommandRecord> CurrentAsync(CommandRecord stored, Caller caller, IGrainFactory grains) => stored.Status == CommandStatus.Queued
        ? await grains.GetGrain<IChargerGrain>(stored.ChargeBoxId.GrainKey).FindPendingCommandAsync(caller.Id, stored.Id) ?? stored
        : stored;
}

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
    private const int MostPending = 200;

    // The longest timeout, and what its charger's grain waits beyond.
    private static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(5);

    public static async Task<Results<Ok<CommandBody>, ApiError>> FindAsync(
        Caller caller, string commandId, IGrainFactory grains, Serializer serializer, TimeProvider time)
    {
        if (!CommandIds.TryParse(commandId, out var id)
            || await grains.GetGrain<ITenantRecordsGrain>(caller.GrainKey).FindRecordAsync(RecordKinds.Command, CommandIds.Of(id)) is not { } row)
        {
            return ApiError.NotFound($"Command {commandId} not found");
        }

        var found = serializer.Read<CommandRecord>(row);
        return TypedResults.Ok(CommandBody.Of(found.Status == CommandStatus.Queued ? await CurrentAsync(found, caller, grains, serializer, time) : found));
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
        var filter = new RecordFilter { Kind = RecordKinds.Command, Charger = id, Parent = Query.Text(request, "command"), Statuses = status switch { null => null, "sent" => ["queued"], _ => [status] } };
        return TypedResults.Ok(status is "queued" or "sent"
            ? await ListPendingAsync(caller, id, filter, status, paging, grains, serializer)
            : await ListAsync(caller, id, filter, paging, grains, serializer));
    }

    private static async Task<CommandListBody> ListAsync(
        Caller caller, ChargeBoxId id, RecordFilter filter, Paging paging, IGrainFactory grains, Serializer serializer)
    {
        var page = await grains.GetGrain<ITenantRecordsGrain>(caller.GrainKey).ListRecordsAsync(filter, paging.Limit, paging.Offset);
        var pending = (await grains.GetGrain<IChargerGrain>(id.GrainKey).ListPendingCommandsAsync(caller.Id)).ToDictionary(record => record.Id);
        return new CommandListBody(
            [.. page.Items.Select(row => CommandBody.Of(Over(serializer.Read<CommandRecord>(row), pending.GetValueOrDefault(row.Key.Id))))], PaginationBody.Of(paging, page.Total));
    }

    // Few: a charger has no more of them than its grain lets wait. Which of them went out is not in their rows.
    private static async Task<CommandListBody> ListPendingAsync(
        Caller caller, ChargeBoxId id, RecordFilter filter, string status, Paging paging, IGrainFactory grains, Serializer serializer)
    {
        var all = await ListAsync(caller, id, filter, new Paging(MostPending, 0), grains, serializer);
        var found = all.Commands.Where(command => command.Status == status).ToList();
        return new CommandListBody([.. found.Skip(paging.Offset).Take(paging.Limit)], PaginationBody.Of(paging, found.Count));
    }

    /// <summary>As its charger's grain knows it: that a command went out is in its memory only until the command has ended.</summary>
    private static async Task<CommandRecord> CurrentAsync(CommandRecord stored, Caller caller, IGrainFactory grains, Serializer serializer, TimeProvider time)
    {
        if (await grains.GetGrain<IChargerGrain>(stored.ChargeBoxId.GrainKey).FindPendingCommandAsync(caller.Id, stored.Id) is { } pending)
        {
            return Over(stored, pending);
        }

        // It may have ended while it was asked for. If not, nobody follows it any more: a version that knew of no history has lost it.
        var row = await grains.GetGrain<ITenantRecordsGrain>(caller.GrainKey).FindRecordAsync(RecordKinds.Command, stored.Id);
        var now = row is null ? stored : serializer.Read<CommandRecord>(row);
        return now.Status == CommandStatus.Queued && time.GetUtcNow() - now.CreatedAt > LongestLife ? now with { Status = CommandStatus.Timeout } : now;
    }

    private static CommandRecord Over(CommandRecord stored, CommandRecord? pending) =>
        pending is null || stored.Status != CommandStatus.Queued ? stored : stored with { Status = pending.Status, SentAt = pending.SentAt, TransactionId = pending.TransactionId };
}

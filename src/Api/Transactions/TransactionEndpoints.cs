using System.Globalization;
using Capacitor.Api.Chargers;
using Capacitor.Api.Commands;
using Capacitor.Api.Errors;
using Capacitor.Api.Security;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Ocpp.V16;
using Capacitor.Transactions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capacitor.Api.Transactions;

/// <summary>A tenant's charging sessions, and how to begin and end one from afar.</summary>
internal static class TransactionEndpoints
{
    private static readonly CommandSpec Start = new("remote-start", Ocpp16Actions.RemoteStartTransaction, "Remote start") { Echo = ["connectorId", "idTag"] };
    private static readonly CommandSpec Stop = new("stop", Ocpp16Actions.RemoteStopTransaction, "Remote stop") { Echo = ["transactionId"] };

    public static void MapTransactions(this IEndpointRouteBuilder api)
    {
        api.MapGet("/transactions", ListAsync);
        api.MapGet("/transactions/{transactionId}", FindAsync);
        api.MapPost("/transactions/start", StartAsync);
        api.MapPost("/chargers/{chargeBoxId}/remote-start", RemoteStartAsync);
        api.MapPost("/transactions/{transactionId}/stop", StopAsync);
    }

    private static async Task<Ok<TransactionListBody>> ListAsync(Caller caller, HttpRequest request, IGrainFactory grains, TimeProvider time)
    {
        var paging = Paging.Of(request);
        var charger = Query.Charger(request, "chargeBoxId");
        var status = Query.OneOf(
            request, "status", TransactionStatus.InProgress, TransactionStatus.Completed, TransactionStatus.Pending, TransactionStatus.Active);
        var (from, to) = Query.Span(request);
        var filter = new TransactionFilter
        {
            ChargeBoxId = charger,
            Open = status is null ? null : status != TransactionStatus.Completed,
            IdTag = Query.Text(request, "idTag"),
            ConnectorId = Query.Text(request, "connectorId") is null ? null : (int)Query.Number(request, "connectorId", 0, 0, int.MaxValue),
            From = from,
            To = to,
        };
        if (status == TransactionStatus.Pending)
        {
            return TypedResults.Ok(new TransactionListBody([], PaginationBody.Of(paging, 0)));
        }

        var page = await grains.GetGrain<ITenantRecordsGrain>(caller.GrainKey).ListTransactionsAsync(filter, paging.Limit, paging.Offset);
        var now = time.GetUtcNow();
        return TypedResults.Ok(new TransactionListBody(
            [.. page.Items.Select(transaction => TransactionBody.Of(transaction, now))], PaginationBody.Of(paging, page.Total)));
    }

    private static async Task<Results<Ok<TransactionBody>, ApiError>> FindAsync(Caller caller, string transactionId, IGrainFactory grains, TimeProvider time) =>
        await LookUpAsync(grains, caller, transactionId) is { } found ? TypedResults.Ok(TransactionBody.Of(found, time.GetUtcNow())) : Missing(transactionId);

    private static async Task<IResult> StartAsync(Caller caller, HttpRequest request, IGrainFactory grains, CommandRunner runner)
    {
        var (charger, start) = await TransactionRequests.ReadStartAsync(request);
        return await ChargerEndpoints.LookUpAsync(grains, caller, charger.Value) is { } found
            ? await BeginAsync(runner, caller, request, found.Charger.ChargeBoxId, start)
            : ChargerEndpoints.Missing(charger.Value);
    }

    private static async Task<IResult> RemoteStartAsync(Caller caller, string chargeBoxId, HttpRequest request, IGrainFactory grains, CommandRunner runner) =>
        await ChargerEndpoints.LookUpAsync(grains, caller, chargeBoxId) is { } found
            ? await BeginAsync(runner, caller, request, found.Charger.ChargeBoxId, await TransactionRequests.ReadRemoteStartAsync(request))
            : ChargerEndpoints.Missing(chargeBoxId);

    private static Task<IResult> BeginAsync(CommandRunner runner, Caller caller, HttpRequest request, ChargeBoxId charger, RemoteStartTransactionRequest start)
    {
        var command = CommandRequest.Of(request, Start, Ocpp16Writer.Serialize(start));
        return runner.RunAsync(caller, charger, command, ended => TypedResults.Accepted($"/api/v1/commands/{ended.Id}", new StartingBody(
            "Remote start accepted by charger", charger.Value, start.ConnectorId, start.IdTag, "accepted",
            "The transaction gets its id when charging begins: wait for transaction.started, or poll /api/v1/transactions?status=in_progress.", ended.Id)));
    }

    private static async Task<IResult> StopAsync(Caller caller, string transactionId, HttpRequest request, IGrainFactory grains, CommandRunner runner)
    {
        if (await LookUpAsync(grains, caller, transactionId) is not { } transaction)
        {
            return Missing(transactionId);
        }

        if (transaction.StopTime is not null)
        {
            return ApiError.Conflict($"Transaction {transactionId} has already ended");
        }

        var command = CommandRequest.Of(request, Stop, Ocpp16Writer.Serialize(new RemoteStopTransactionRequest { TransactionId = transaction.TransactionId }));
        return await runner.RunAsync(caller, transaction.ChargeBoxId, command, ended => TypedResults.Accepted($"/api/v1/commands/{ended.Id}", new StoppingBody(
            "Remote stop accepted by charger", transaction.TransactionId, transaction.ChargeBoxId.Value, "stopping",
            "The transaction ends when the charger says so: wait for transaction.stopped.", ended.Id)));
    }

    public static async Task<Transaction?> LookUpAsync(IGrainFactory grains, Caller caller, string transactionId) =>
        int.TryParse(transactionId, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? await grains.GetGrain<ITenantRecordsGrain>(caller.GrainKey).FindTransactionAsync(id)
            : null;

    public static ApiError Missing(string transactionId) => ApiError.NotFound($"Transaction {transactionId} not found");
}

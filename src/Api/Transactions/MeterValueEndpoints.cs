using Capacitor.Api.Errors;
using Capacitor.Api.Security;
using Capacitor.Events;

namespace Capacitor.Api.Transactions;

/// <summary>What a transaction's meter showed, one reading after the other, as its <c>transaction.updated</c> events told it.</summary>
internal static class MeterValueEndpoints
{
    private const int MostEvents = 200;

    public static void MapMeterValues(this IEndpointRouteBuilder api) => api.MapGet("/transactions/{transactionId}/meter-values", ListAsync);

    private static async Task<IResult> ListAsync(Caller caller, string transactionId, HttpRequest request, IGrainFactory grains)
    {
        if (await TransactionEndpoints.LookUpAsync(grains, caller, transactionId) is not { } transaction)
        {
            return TransactionEndpoints.Missing(transactionId);
        }

        var limit = (int)Query.Number(request, "limit", 50, 1, 200);
        var page = new MeterValuePage(limit, MeterValueCursor.Of(request));
        var records = grains.GetGrain<ITenantRecordsGrain>(caller.GrainKey);
        while (true)
        {
            var read = await records.ReadTransactionEventsAsync(transaction.TransactionId, EventTypes.TransactionUpdated, page.Cursor.After, MostEvents);
            if (!page.Take(read.Events) || read.Events.Count < MostEvents)
            {
                return page;
            }
        }
    }
}

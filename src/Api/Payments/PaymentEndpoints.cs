using System.Globalization;
using Capacitor.Api.Errors;
using Capacitor.Api.Records;
using Capacitor.Api.Security;
using Capacitor.Events;
using Capacitor.Records;
using Capacitor.Reports;
using Microsoft.AspNetCore.Http.HttpResults;
using Orleans.Serialization;

namespace Capacitor.Api.Payments;

/// <summary>Payments, as a tenant's other systems report them. A refund is a payment of its own that names the one it gives back.</summary>
internal static class PaymentEndpoints
{
    public static void MapPayments(this IEndpointRouteBuilder api)
    {
        var payments = api.MapGroup("/payments");
        payments.MapPost("", ReportAsync);
        payments.MapGet("", ListAsync);
        payments.MapGet("/{paymentId}", FindAsync);
    }

    private static async Task<Created<PaymentBody>> ReportAsync(Caller caller, HttpRequest request, IGrainFactory grains)
    {
        var payment = await grains.GetGrain<ITenantReportsGrain>(caller.GrainKey).ReportAsync(await PaymentRequests.ReadNewAsync(request));
        return TypedResults.Created($"/api/v1/payments/{payment.Id}", PaymentBody.Of(payment));
    }

    private static async Task<Ok<PaymentListBody>> ListAsync(Caller caller, HttpRequest request, IGrainFactory grains, Serializer serializer)
    {
        var paging = Paging.Of(request);
        var status = Query.OneOf(request, "status", PaymentRequests.Statuses);
        var transaction = Query.Number(request, "transactionId", 0, 1, int.MaxValue);
        var (from, to) = Query.Span(request);
        var filter = new RecordFilter
        {
            Kind = RecordKinds.Payment,
            Statuses = status is null ? null : [PaymentRequests.Parse(status).ToString()],
            Parent = transaction == 0 ? null : transaction.ToString(CultureInfo.InvariantCulture),
            From = from,
            To = to,
        };
        var page = await grains.GetGrain<ITenantRecordsGrain>(caller.GrainKey).ListRecordsAsync(filter, paging.Limit, paging.Offset);
        return TypedResults.Ok(new PaymentListBody(serializer.Read<Payment, PaymentBody>(page, PaymentBody.Of), PaginationBody.Of(paging, page.Total)));
    }

    private static async Task<Results<Ok<PaymentBody>, ApiError>> FindAsync(Caller caller, string paymentId, IGrainFactory grains, Serializer serializer) =>
        await grains.GetGrain<ITenantRecordsGrain>(caller.GrainKey).FindRecordAsync(RecordKinds.Payment, paymentId) is { } row
            ? TypedResults.Ok(PaymentBody.Of(serializer.Read<Payment>(row)))
            : ApiError.NotFound($"Payment {paymentId} not found");
}

using Capacitor.Tenants;

namespace Capacitor.Api.Tests.Payments;

[Collection(ApiServer.Collection)]
public sealed class PaymentApiTests(ApiServer server)
{
    private const string Path = "/api/v1/payments";

    [Fact]
    public async Task Payments_OfEachKind_AreReadListedAndToldOf()
    {
        var http = await NewTenantAsync();

        var paid = await http.SendAsync("POST", Path, """
            {"transactionId":12345,"amount":"14.50","currency":"EUR","status":"completed","provider":"stripe","providerReference":"pi_1",
             "receiptUrl":"https://pay.example.com/1","userId":"u7"}
            """);
        var id = paid.Json.GetProperty("id").GetString()!;
        var failed = await http.SendAsync("POST", Path, """{"amount":"3","currency":"GBP","status":"failed","failureReason":"card_declined"}""");
        var refund = await http.SendAsync("POST", Path, $$"""{"amount":"4.5","currency":"EUR","status":"refunded","originalPaymentId":"{{id}}"}""");

        Assert.Equal([201, 201, 201], [paid.Status, failed.Status, refund.Status]);
        Assert.Equal($"{Path}/{id}", paid.Header("Location"));
        Assert.Matches("^pay_[0-9a-z]{26}$", id);
        Assert.Equal(
            ["id", "transactionId", "amount", "currency", "status", "provider", "providerReference", "failureReason", "receiptUrl", "userId", "originalPaymentId", "createdAt"],
            Reply.Names(paid.Json));
        Assert.Equal(paid.Body, (await http.SendAsync("GET", $"{Path}/{id}")).Body);
        Assert.Equal(3, await CountAsync(http, ""));
        Assert.Equal(2, await CountAsync(http, "?transactionId=12345")); // a refund is for what was paid for
        Assert.Equal(1, await CountAsync(http, "?status=failed"));
        Assert.Equal(3, await CountAsync(http, "?from=2020-01-01T00:00:00Z"));
        Assert.Equal(0, await CountAsync(http, "?to=2020-01-01T00:00:00Z"));

        Assert.Equal(["payment.completed", "payment.failed", "payment.refunded"], await http.NamesOfAsync("payment.*"));
        Assert.Equal(
            [
                $$"""{"paymentId":"{{id}}","transactionId":12345,"amount":"14.50","currency":"EUR","provider":"stripe","providerReference":"pi_1","userId":"u7","receiptUrl":"https://pay.example.com/1"}""",
                $$"""{"paymentId":"{{failed.Json.GetProperty("id")}}","transactionId":null,"amount":"3","currency":"GBP","provider":null,"providerReference":null,"userId":null,"failureReason":"card_declined","receiptUrl":null}""",
                $$"""{"paymentId":"{{refund.Json.GetProperty("id")}}","transactionId":12345,"amount":"4.5","currency":"EUR","provider":null,"providerReference":null,"userId":"u7","originalPaymentId":"{{id}}","receiptUrl":null}""",
            ],
            (await http.DataOfAsync("payment.*")).Select(data => data.GetRawText()));
    }

    [Fact]
    public async Task ARefund_OfWhatWasNotPaid_IsRefused()
    {
        var http = await NewTenantAsync();
        var failed = (await http.SendAsync("POST", Path, """{"amount":"3","currency":"EUR","status":"failed"}""")).Json.GetProperty("id");
        var paid = (await http.SendAsync("POST", Path, """{"amount":"3","currency":"EUR","status":"completed"}""")).Json.GetProperty("id");

        (await RefundAsync(http, "pay_unknown")).AssertError(400, "VALIDATION_ERROR", "names no payment");
        (await RefundAsync(http, $"{failed}")).AssertError(400, "VALIDATION_ERROR", "not completed");
        (await RefundAsync(http, $"{paid}", "3.01")).AssertError(400, "VALIDATION_ERROR", "3 EUR were paid; 3.01 EUR cannot be refunded");
        (await RefundAsync(http, $"{paid}", "1", "GBP")).AssertError(400, "VALIDATION_ERROR", "cannot be refunded");
        (await RefundAsync(await NewTenantAsync(), $"{paid}")).AssertError(400, "VALIDATION_ERROR", "names no payment");
        Assert.Equal(201, (await RefundAsync(http, $"{paid}")).Status);
    }

    [Fact]
    public async Task Post_ManyAtOnce_StoresEachOnce()
    {
        var http = await NewTenantAsync();

        var made = await Task.WhenAll(Enumerable.Range(1, 60).Select(i => http.SendAsync("POST", Path, $$"""{"amount":"{{i}}","currency":"EUR","status":"completed"}""")));

        Assert.All(made, reply => Assert.Equal(201, reply.Status));
        Assert.Equal(60, await CountAsync(http, ""));
        Assert.Equal(
            Enumerable.Range(1, 60), (await http.DataOfAsync("payment.completed")).Select(data => int.Parse(data.GetProperty("amount").GetString()!)).Order());
    }

    [Theory]
    [InlineData("""{"currency":"EUR","status":"completed"}""", "'amount' is required")]
    [InlineData("""{"amount":14.5,"currency":"EUR","status":"completed"}""", "'amount' must be a string")]
    [InlineData("""{"amount":"-1","currency":"EUR","status":"completed"}""", "'amount' must be a string with a decimal number")]
    [InlineData("""{"amount":"1.","currency":"EUR","status":"completed"}""", "'amount'")]
    [InlineData("""{"amount":"1","currency":"eur","status":"completed"}""", "'currency' must have the three capital letters")]
    [InlineData("""{"amount":"1","currency":"EUR"}""", "'status' is required: one of completed, failed, refunded")]
    [InlineData("""{"amount":"1","currency":"EUR","status":"completed","failureReason":"x"}""", "'failureReason' is for the status failed")]
    [InlineData("""{"amount":"1","currency":"EUR","status":"completed","originalPaymentId":"x"}""", "'originalPaymentId' is for the status refunded")]
    [InlineData("""{"amount":"1","currency":"EUR","status":"completed","receiptUrl":"ftp://a"}""", "'receiptUrl'")]
    [InlineData("""{"amount":"1","currency":"EUR","status":"completed","transactionId":0}""", "'transactionId'")]
    public async Task Post_WhatCannotBe_IsRefusedInWords(string body, string message) =>
        (await server.Http.SendAsync("POST", Path, body)).AssertError(400, "VALIDATION_ERROR", message);

    [Theory]
    [InlineData("status=paid", "completed, failed, refunded")]
    [InlineData("transactionId=0", "'transactionId' must be a whole number from 1")]
    [InlineData("from=2026-02-02T00:00:00Z&to=2026-02-01T00:00:00Z", "must not be later")]
    public async Task Get_WrongQuery_IsRefusedInWords(string query, string message) =>
        (await server.Http.SendAsync("GET", $"{Path}?{query}")).AssertError(400, "VALIDATION_ERROR", message);

    [Fact]
    public async Task Get_Another_IsNotFound() => (await server.Http.SendAsync("GET", $"{Path}/pay_1")).AssertError(404, "NOT_FOUND", "Payment pay_1 not found");

    private async Task<HttpClient> NewTenantAsync() => (await server.Capacitor.AddTenantAsync(Tier.Scale)).Http;

    private static Task<Reply> RefundAsync(HttpClient http, string original, string amount = "1", string currency = "EUR") =>
        http.SendAsync("POST", Path, $$"""{"amount":"{{amount}}","currency":"{{currency}}","status":"refunded","originalPaymentId":"{{original}}"}""");

    private static async Task<int> CountAsync(HttpClient http, string query) =>
        (await http.SendAsync("GET", Path + query)).Json.GetProperty("pagination").GetProperty("total").GetInt32();
}

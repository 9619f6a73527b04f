using System.Net.Http.Json;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.EndToEnd.Tests;

/// <summary>What an operator sees in a collector of traces.</summary>
public class TraceTests
{
    [Fact]
    public async Task AMessageAndItsWebhook_AreOneTrace()
    {
        using var data = new TemporaryDirectory();
        await using var collector = await TraceReceiver.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var server = await ServerProcess.StartAsync(data.Path, collector.Settings);
        await server.RegisterChargerAsync("CP1");
        var webhook = await server.RegisterWebhookAsync(receiver.Url, null, "charger.boot");
        await using var charger = await FakeCharger.ConnectAsync(server.OcppUrl, "CP1");
        await charger.CallAsync("BootNotification", """{"chargePointVendor":"Acme","chargePointModel":"One"}""");
        var delivery = Assert.Single(await receiver.WaitForAsync(1));

        var path = await collector.WaitForAsync(spans => PathTo(spans, "ocpp BootNotification", "POST"));

        Assert.Equal(["ocpp BootNotification", "POST"], [path[0].Name, path[^1].Name]);
        Assert.Equal("journal commit", path[^2].Name);
        Assert.Contains(path, span => span.Name.EndsWith("/ReceiveAsync", StringComparison.Ordinal));
        Assert.All(path, span => Assert.Equal((path[0].TraceId, "capacitor-api"), (span.TraceId, span.Service)));
        Assert.Equal("", path[0].ParentId);
        Assert.Equal(("CP1", "result"), (path[0].Tags["capacitor.charge_box_id"], path[0].Tags["ocpp.outcome"]));
        Assert.Equal((webhook, "200"), (path[^1].Tags["capacitor.webhook.id"], path[^1].Tags["http.response.status_code"]));
        Assert.Equal(delivery.Headers["webhook-id"], path[^1].Tags["capacitor.event.id"]);
        Assert.Equal($"00-{path[^1].TraceId}-{path[^1].SpanId}-01", delivery.Headers["traceparent"]);
    }

    [Fact]
    public async Task AMessageAndItsWebhook_OfACluster_AreOneTraceOverItsProcesses()
    {
        using var data = new TemporaryDirectory();
        await using var collector = await TraceReceiver.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        var database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await using var cluster = await SmallCluster.StartAsync(data.Path, database, collector.Settings);
        await cluster.Api.RegisterChargerAsync("CP1");
        await cluster.Api.RegisterWebhookAsync(receiver.Url, null, "charger.boot");
        await using var charger = await FakeCharger.ConnectAsync(cluster.Api.OcppUrl, "CP1");
        await charger.CallAsync("BootNotification", """{"chargePointVendor":"Acme","chargePointModel":"One"}""");
        var delivery = Assert.Single(await receiver.WaitForAsync(1));

        var path = await collector.WaitForAsync(spans => PathTo(spans, "ocpp BootNotification", "POST"));

        Assert.Equal(("ocpp BootNotification", "capacitor-api", ""), (path[0].Name, path[0].Service, path[0].ParentId));
        var inSilo = path.SkipWhile(span => span.Service == "capacitor-api").ToList();
        Assert.All(inSilo, span => Assert.Equal("capacitor-silo", span.Service));
        Assert.EndsWith("/ReceiveAsync", inSilo[0].Name, StringComparison.Ordinal);
        Assert.Equal(["journal commit", "POST"], inSilo.TakeLast(2).Select(span => span.Name));
        Assert.All(path, span => Assert.Equal(path[0].TraceId, span.TraceId));
        Assert.Equal($"00-{path[^1].TraceId}-{path[^1].SpanId}-01", delivery.Headers["traceparent"]);
    }

    [Fact]
    public async Task ACommandAndWhatItMakesTheChargerDo_BelongToTheCallersTrace()
    {
        const string Route = "POST /api/v1/chargers/{chargeBoxId}/reset";
        const string Caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        using var data = new TemporaryDirectory();
        await using var collector = await TraceReceiver.StartAsync();
        await using var server = await ServerProcess.StartAsync(data.Path, [.. collector.Settings, "--OTEL_SERVICE_NAME=chargers-of-acme"]);
        await server.RegisterChargerAsync("CP1");
        await using var charger = await FakeCharger.ConnectAsync(server.OcppUrl, "CP1");
        await charger.CallAsync("Heartbeat"); // answered once the connection is recorded: before that it gets no commands

        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/chargers/CP1/reset") { Content = JsonContent.Create(new { type = "Soft" }) };
        request.Headers.Add("traceparent", Caller);
        var answering = server.Http.SendAsync(request);
        var command = await charger.NextCallAsync();
        await charger.AnswerAsync(command, """{"status":"Accepted"}""");
        using var answer = await answering;
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());

        var path = await collector.WaitForAsync(spans => PathTo(spans, Route, "ocpp Reset"));

        Assert.Equal((Route, "b7ad6b7169203331"), (path[0].Name, path[0].ParentId));
        Assert.Equal("200", path[0].Tags["http.response.status_code"]);
        Assert.All(path, span => Assert.Equal(("0af7651916cd43dd8448eb211c80319c", "chargers-of-acme"), (span.TraceId, span.Service)));
    }

    [Fact]
    public async Task WithoutAnEndpoint_NothingIsTraced()
    {
        using var data = new TemporaryDirectory();
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var server = await ServerProcess.StartAsync(data.Path);
        await server.RegisterChargerAsync("CP1");
        await server.RegisterWebhookAsync(receiver.Url, null, "charger.connected");
        await using var charger = await FakeCharger.ConnectAsync(server.OcppUrl, "CP1");
        Assert.DoesNotContain("traceparent", Assert.Single(await receiver.WaitForAsync(1)).Headers.Keys);
    }

    // The spans from one of the first name down to one of the second; null while one of them has not come.
    private static List<ReceivedSpan>? PathTo(IReadOnlyList<ReceivedSpan> spans, string from, string name)
    {
        var path = new List<ReceivedSpan>();
        for (var span = spans.FirstOrDefault(span => span.Name == name); span is not null; span = spans.FirstOrDefault(other => other.SpanId == path[0].ParentId))
        {
            path.Insert(0, span);
        }

        return path is [var first, ..] && first.Name == from ? path : null;
    }
}

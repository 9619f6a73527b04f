using System.Diagnostics;
using System.Net;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.EndToEnd.Tests;

/// <summary>What an operator can see of a charger's life.</summary>
public class MetricsTests
{
    [Fact]
    public async Task AChargersLife_IsCountedFromSocketToWebhook()
    {
        using var data = new TemporaryDirectory();
        await using var good = await WebhookReceiver.StartAsync();
        await using var bad = await WebhookReceiver.StartAsync(ReceiverAnswers.Status((int)HttpStatusCode.InternalServerError));
        await using var server = await ServerProcess.StartAsync(data.Path);
        await server.RegisterChargerAsync("CP1");
        await server.RegisterWebhookAsync(good.Url);
        await server.RegisterWebhookAsync(bad.Url);

        await using var charger = await FakeCharger.ConnectAsync(server.OcppUrl, "CP1");
        await charger.CallAsync("BootNotification", """{"chargePointVendor":"Acme","chargePointModel":"One"}""");
        await charger.CallAsync("Heartbeat");
        await charger.CallAsync("Heartbeat");
        var started = await charger.CallAsync(
            "StartTransaction", """{"connectorId":1,"idTag":"USER001","meterStart":0,"timestamp":"2026-02-06T14:30:00Z"}""");
        var transaction = started.Payload.GetProperty("transactionId").GetInt32();
        await charger.CallAsync(
            "StopTransaction", $$"""{"transactionId":{{transaction}},"meterStop":14000,"timestamp":"2026-02-06T15:15:00Z"}""");
        Assert.Equal("NotImplemented", (await charger.CallAsync("Levitate")).ErrorCode);

        const int Events = 4; // connected, boot, started, stopped
        var scrape = await DeliveredAsync(server, Events);

        Assert.Equal(1, scrape.Sum("capacitor_ocpp_connections"));
        Assert.Equal(2, scrape.Sum("capacitor_ocpp_calls_total", "action=\"Heartbeat\"", "outcome=\"result\""));
        Assert.Equal(1, scrape.Sum("capacitor_ocpp_calls_total", "action=\"StartTransaction\"", "outcome=\"result\""));
        Assert.Equal(1, scrape.Sum("capacitor_ocpp_calls_total", "action=\"other\"", "outcome=\"error\""));
        Assert.Equal(6, scrape.Sum("capacitor_ocpp_calls_total"));
        Assert.Equal(6, scrape.Sum("capacitor_ocpp_call_duration_seconds_count"));
        Assert.Equal(1, scrape.Sum("capacitor_ocpp_call_errors_total", "code=\"NotImplemented\""));
        Assert.Equal(1, scrape.Sum("capacitor_ocpp_call_errors_total"));

        var commits = scrape.Sum("capacitor_journal_commits_total");
        var grouped = scrape.Sum("capacitor_journal_group_size_sum") ?? 0; // those refused for a conflict among them
        Assert.True(commits >= Events, $"{commits} commits");
        Assert.True(grouped >= commits, $"{commits} commits, {grouped} in groups");
        Assert.InRange(scrape.Sum("capacitor_journal_group_size_count") ?? 0, 1, grouped);

        Assert.Equal(Events, scrape.Sum("capacitor_webhook_attempts_total", "outcome=\"delivered\""));
        Assert.Equal(Events, scrape.Sum("capacitor_webhook_attempts_total", "outcome=\"rejected\""));
        Assert.Equal(Events, scrape.Sum("capacitor_webhook_event_age_seconds_count"));
        Assert.InRange(scrape.Sum("capacitor_webhook_event_age_seconds_sum") ?? -1, 0, 60 * Events);

        Assert.Equal(1, scrape.Sum("capacitor_ocpp_attachments_total", "outcome=\"attached\""));
        Assert.Null(scrape.Sum("capacitor_ocpp_call_retries_total"));
        Assert.InRange(scrape.Sum("capacitor_webhook_backlog_age_seconds") ?? -1, 0, 60);
        Assert.InRange(scrape.Sum("capacitor_stream_undelivered") ?? -1, 0, Events);

        await charger.CloseAsync();
        await good.WaitForAsync(Events + 1);
        scrape = await DeliveredAsync(server, Events + 1);
        Assert.Equal(0, scrape.Sum("capacitor_ocpp_connections"));
    }

    // An attempt is counted when its answer is read, which is after the receiver has it.
    private static async Task<Scrape> DeliveredAsync(ServerProcess server, int events)
    {
        var began = Stopwatch.GetTimestamp();
        Scrape scrape;
        do
        {
            scrape = await Scrape.TakeAsync(server);
        }
        while ((scrape.Sum("capacitor_webhook_attempts_total") ?? 0) < 2 * events && Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30));

        return scrape;
    }
}

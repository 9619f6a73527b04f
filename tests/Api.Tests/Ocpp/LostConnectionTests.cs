using System.Net.WebSockets;
using Capacitor.Api.Ocpp;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Capacitor.Api.Tests.Ocpp;

/// <summary>Sockets that are still open when the cluster has reported their chargers lost.</summary>
public sealed class LostConnectionTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private static readonly (string, string) ShortGrace = ("Capacitor:Chargers:LostConnectionGrace", "00:00:00"); // the shortest there is: 3 seconds

    [Fact]
    public async Task Call_OfAChargerThatWasReportedLost_IsToldToConnectAgain()
    {
        var edge = await EdgeFixture.StartAsync();
        await using var server = edge.Server;
        var id = await edge.AddChargerAsync();
        await using var charger = await edge.ConnectAsync(id);
        await ReportLostAsync(edge, id);
        await charger.SendRawAsync("""[2,"1","Heartbeat",{}]""");

        Assert.Equal(new FakeClose((WebSocketCloseStatus)1012, "The connection was taken for lost. Please connect again."), await charger.WaitForCloseAsync());
        await using var back = await edge.ConnectAsync(id);
        Assert.False((await back.CallAsync("Heartbeat")).IsError);
        Assert.Single(await edge.EventsAsync(id, EventTypes.ChargerDisconnected));
    }

    [Fact]
    public async Task Call_OfALostChargerThatTakesACloseForGood_IsCutWithoutOne()
    {
        var edge = await EdgeFixture.StartAsync(("Capacitor:Chargers:AbortInsteadOfClose:0", "stubborn"));
        await using var server = edge.Server;
        var id = await edge.AddChargerAsync();
        await using (var first = await edge.ConnectAsync(id))
        {
            await first.CallAsync("BootNotification", """{"chargePointVendor":"Stubborn","chargePointModel":"One"}""");
        }

        edge.Grains.TakeAll(id);
        await using var again = await edge.ConnectAsync(id);
        await ReportLostAsync(edge, id);
        await again.SendRawAsync("""[2,"1","Heartbeat",{}]""");
        Assert.Null((await again.WaitForCloseAsync()).Status);
    }

    [Fact]
    public async Task Lease_LapsedAndRenewed_IdleChargersThatWereReportedConnectAgainAndGetCommands()
    {
        var edge = await EdgeFixture.StartAsync(ShortGrace);
        await using var server = edge.Server;
        var id = await edge.AddChargerAsync();
        await using var idle = await edge.ConnectAsync(id);
        await edge.Grains.WaitForAsync(id, "AttachAsync");

        edge.Grains.BeforeRenewal = () => throw new SiloUnavailableException("cut off");
        await edge.Grains.WaitForAsync(id, "DetachAsync");
        Assert.Contains("cluster_unreachable", await ReadyAsync(edge), StringComparison.Ordinal);
        edge.Grains.BeforeRenewal = null;

        Assert.Equal((WebSocketCloseStatus)1012, (await idle.WaitForCloseAsync()).Status);
        Assert.Contains("ready", await ReadyAsync(edge), StringComparison.Ordinal);
        await using var back = await edge.ConnectAsync(id);
        await back.CallAsync("Heartbeat");
        using var body = new StringContent("""{"type":"Soft"}""", null, "application/json");
        var reset = server.Http.PostAsync(new Uri($"/api/v1/chargers/{id}/reset", UriKind.Relative), body);
        await back.AnswerAsync(await back.NextCallAsync(), """{"status":"Accepted"}""");
        using var answered = await reset;
        Assert.True(answered.IsSuccessStatusCode);
        Assert.Equal(
            [EventTypes.ChargerRegistered, EventTypes.ChargerConnected, EventTypes.ChargerDisconnected, EventTypes.ChargerConnected, EventTypes.CommandCompleted],
            (await edge.EventsAsync(id)).Select(happened => happened.GetProperty("event").GetString()));
    }

    [Fact]
    public async Task Lease_LapsedAndRenewed_ChargersThatWereNotReportedKeepTheirSockets()
    {
        var edge = await EdgeFixture.StartAsync(ShortGrace);
        await using var server = edge.Server;
        var lost = await edge.AddChargerAsync();
        var kept = await edge.AddChargerAsync();
        await using var first = await edge.ConnectAsync(lost);
        await using var second = await edge.ConnectAsync(kept);
        await edge.Grains.WaitForAsync(lost, "AttachAsync");
        await edge.Grains.WaitForAsync(kept, "AttachAsync");

        // One of the two cannot be reported while the gateway is not heard of.
        edge.Grains.Before(kept, call => call.Method == "DetachAsync" ? throw new IOException("disk full") : Task.CompletedTask);
        edge.Grains.BeforeRenewal = () => throw new SiloUnavailableException("cut off");
        await edge.Grains.WaitForAsync(lost, "DetachAsync");
        edge.Grains.BeforeRenewal = null;

        await first.WaitForCloseAsync();
        await edge.Grains.WaitForAsync(kept, "FindEndAsync");
        Assert.False((await second.CallAsync("Heartbeat")).IsError);
        Assert.Empty(await edge.EventsAsync(kept, EventTypes.ChargerDisconnected));
    }

    [Fact]
    public async Task Begin_NobodyCanSayWhoWasReported_LooksUntilSomebodyCan()
    {
        var edge = await EdgeFixture.StartAsync();
        await using var server = edge.Server;
        var id = await edge.AddChargerAsync();
        await using var charger = await edge.ConnectAsync(id);
        await ReportLostAsync(edge, id);
        var failures = 3; // more than the rounds that a look has when all is well
        edge.Grains.Before(id, call => call.Method == "FindEndAsync" && failures-- > 0 ? throw new IOException("no silo") : Task.CompletedTask);

        Look(server);
        Assert.Equal((WebSocketCloseStatus)1012, (await charger.WaitForCloseAsync()).Status);
    }

    [Fact]
    public async Task Begin_AgainWhileItLooks_LooksTwiceOnceMore()
    {
        var edge = await EdgeFixture.StartAsync();
        await using var server = edge.Server;
        var id = await edge.AddChargerAsync();
        await using var charger = await edge.ConnectAsync(id);
        await edge.Grains.WaitForAsync(id, "AttachAsync");
        var looks = 0;
        var (arrived, released) = (new TaskCompletionSource(), new TaskCompletionSource());
        edge.Grains.Before(id, async call =>
        {
            if (call.Method == "FindEndAsync" && ++looks == 2)
            {
                arrived.SetResult();
                await released.Task;
            }
        });

        var lost = Look(server);
        await arrived.Task; // in what would be its last round
        lost.Begin(Pause, CancellationToken.None);
        released.SetResult();
        for (var look = 1; look <= 4; look++)
        {
            await edge.Grains.WaitForAsync(id, "FindEndAsync");
        }
    }

    private static LostConnections Look(CapacitorServer server)
    {
        var lost = new LostConnections(server.Services.GetRequiredService<OcppEdge>());
        lost.Begin(Pause, CancellationToken.None);
        return lost;
    }

    // As the cluster does when it has not heard of a gateway for the grace period.
    private static async Task ReportLostAsync(EdgeFixture edge, string id)
    {
        await edge.Grains.WaitForAsync(id, "AttachAsync");
        var charger = edge.Server.Grains.GetGrain<IChargerGrain>(new ChargeBoxId(id).GrainKey);
        var epoch = (await charger.AdmitAsync(new Credentials())).Epoch;
        await charger.DetachAsync(epoch, DisconnectReason.ServerShutdown);
    }

    private static async Task<string> ReadyAsync(EdgeFixture edge)
    {
        using var answer = await edge.Server.Anonymous.GetAsync(new Uri("/health/ready", UriKind.Relative));
        return await answer.Content.ReadAsStringAsync();
    }
}

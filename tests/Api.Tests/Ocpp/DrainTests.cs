using System.Net.WebSockets;
using Capacitor.Api.Ocpp;
using Capacitor.Chargers;
using Capacitor.Tenants;
using Capacitor.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans;

namespace Capacitor.Api.Tests.Ocpp;

/// <summary>Commands while a server stops: those under way have the whole stop, those that come too late are never sent and told so.</summary>
public sealed class DrainTests
{
    private static readonly (string, string)[] Brief = [("Capacitor:Ocpp:ShutdownTimeout", "00:00:01"), ("Capacitor:Ocpp:CloseTimeout", "00:00:00.200")];
    private static readonly Command Reset = new() { Action = "Reset", Payload = """{"type":"Soft"}"""u8.ToArray() };

    [Fact]
    public async Task Stop_CommandSlowerThanTheShutdownTimeout_StillEndsWithTheChargersAnswer()
    {
        var edge = await EdgeFixture.StartAsync(Brief);
        await using var server = edge.Server;
        var stuck = await edge.AddChargerAsync();
        var slow = await edge.AddChargerAsync();
        edge.Grains.Before(stuck, call => call.Action is null ? Task.CompletedTask : throw new IOException("disk full"));
        await using var other = await edge.ConnectAsync(stuck);
        await other.SendRawAsync("""[2,"1","StartTransaction",{"connectorId":1,"idTag":"T","meterStart":1,"timestamp":"2026-02-06T14:30:00Z"}]""");
        await using var charger = await edge.ConnectAsync(slow);
        await charger.CallAsync("Heartbeat");
        using var body = new StringContent("""{"type":"Soft"}""", null, "application/json");
        var reset = server.Http.PostAsync(new Uri($"/api/v1/chargers/{slow}/reset", UriKind.Relative), body);
        var command = await charger.NextCallAsync();

        var stopping = server.StopAsync();
        Assert.Equal((WebSocketCloseStatus)1012, (await other.WaitForCloseAsync()).Status); // all the time for answers has passed
        Assert.False((await charger.CallAsync("Heartbeat")).IsError);
        await charger.AnswerAsync(command, """{"status":"Accepted"}""");
        using var answered = await reset;
        Assert.True(answered.IsSuccessStatusCode, await answered.Content.ReadAsStringAsync());
        Assert.Equal((WebSocketCloseStatus)1012, (await charger.WaitForCloseAsync()).Status);
        await stopping;
    }

    [Fact]
    public async Task SendAsync_AfterTheClose_IsNotConnected()
    {
        var edge = await EdgeFixture.StartAsync(("Capacitor:Ocpp:CloseTimeout", "00:00:05"));
        await using var server = edge.Server;
        var id = await edge.AddChargerAsync();
        using var deaf = await FakeChargerHandshake.SendAsync(server.BaseAddress, $"/ocpp/{id}");
        await edge.Grains.WaitForAsync(id, "AttachAsync");
        var grain = server.Grains.GetGrain<IChargerGrain>(new ChargeBoxId(id).GrainKey);

        var stopping = server.StopAsync();
        Assert.Equal(0x88, (await deaf.ReadFrameAsync())!.Value.FirstByte); // it does not close its side, so the socket is still there
        Assert.IsType<CommandOutcome.NotConnected>(await grain.SendAsync(TenantId.Default, Reset));
        await stopping;
    }

    [Fact]
    public async Task Stop_TellsWhichCommandsItTook()
    {
        var farewell = new FarewellWatch();
        await using var server = await CapacitorServer.StartAsync(
            new Dictionary<string, string?> { ["Capacitor:UnknownChargers"] = "accept" }, builder => builder.Services.AddSingleton<IIncomingGrainCallFilter>(farewell));
        await using var charger = await FakeCharger.ConnectAsync($"{server.BaseAddress}ocpp", "ASKED");
        await charger.CallAsync("Heartbeat");
        var taken = Reset with { Id = Guid.NewGuid() };
        var route = await server.Grains.GetGrain<IChargerGrain>(new ChargeBoxId("ASKED").GrainKey).RouteAsync(TenantId.Default, taken);
        var gateway = server.Services.GetRequiredService<OcppEdge>().Gateway!;
        var asked = gateway.AskAsync(route.ConnectionId, taken);
        await charger.AnswerAsync(await charger.NextCallAsync(), """{"status":"Accepted"}""");
        await asked;
        Assert.IsType<CommandOutcome.NotConnected>(await gateway.AskAsync(route.ConnectionId + 1, Reset with { Id = Guid.NewGuid() })); // nobody got it

        await server.StopAsync();
        Assert.Equal((route.GatewayId, taken.Id), (farewell.Gateway, Assert.Single(farewell.Commands)));
        Assert.IsType<CommandOutcome.NotConnected>(await gateway.AskAsync(route.ConnectionId, Reset with { Id = Guid.NewGuid() }));
    }

    [Fact]
    public async Task Cut_WithOneCommandSentAndOneWaiting_OnlyTheFirstMayHaveBeenCarriedOut()
    {
        var edge = await EdgeFixture.StartAsync();
        await using var server = edge.Server;
        var id = await edge.AddChargerAsync();
        await using var charger = await edge.ConnectAsync(id);
        await charger.CallAsync("Heartbeat");
        var grain = server.Grains.GetGrain<IChargerGrain>(new ChargeBoxId(id).GrainKey);
        var first = grain.SendAsync(TenantId.Default, Reset);
        await charger.NextCallAsync();
        var second = grain.SendAsync(TenantId.Default, Reset);
        await charger.CallAsync("Heartbeat"); // the grain has taken the command before this

        charger.Cut();
        Assert.IsType<CommandOutcome.Disconnected>(await first);
        Assert.IsType<CommandOutcome.NotConnected>(await second);
    }

    [Theory]
    [InlineData("00:00:10", 30)]
    [InlineData("00:03:00", 200)]
    public async Task Start_WithADrainTime_GivesTheHostTimeForIt(string drainTime, int seconds)
    {
        var edge = await EdgeFixture.StartAsync(("Capacitor:Ocpp:DrainTime", drainTime));
        await using var server = edge.Server;
        Assert.Equal(TimeSpan.FromSeconds(seconds), server.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout);
    }

    private sealed class FarewellWatch : IIncomingGrainCallFilter
    {
        public string Gateway { get; private set; } = "";

        public Guid[] Commands { get; private set; } = [];

        public Task Invoke(IIncomingGrainCallContext context)
        {
            if (context.MethodName == nameof(IGatewaysGrain.LeaveAsync))
            {
                (Gateway, Commands) = ((string)context.Request.GetArgument(0)!, (Guid[])context.Request.GetArgument(1)!);
            }

            return context.Invoke();
        }
    }
}

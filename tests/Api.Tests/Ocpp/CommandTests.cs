using Capacitor.Api.Commands;
using Capacitor.Chargers;
using Capacitor.Tenants;
using Capacitor.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Core.Internal;
using Orleans.Runtime;
using Xunit;

namespace Capacitor.Api.Tests.Ocpp;

/// <summary>Commands on their way: what else happens while one waits, and when it may go out.</summary>
[Collection(EdgeCollection.Name)]
public sealed class CommandTests(EdgeFixture edge)
{
    private const string Accepted = """{"status":"Accepted"}""";

    private static readonly Command Reset = new() { Action = "Reset", Payload = """{"type":"Soft"}"""u8.ToArray() };

    private static int _lastMeter;

    private static Command RemoteStart => new() { Action = "RemoteStartTransaction", Payload = """{"connectorId":1,"idTag":"FAR"}"""u8.ToArray() };

    private CommandSender Commands => edge.Server.Services.GetRequiredService<CommandSender>();

    [Fact]
    public async Task Command_WaitsWhileItsGrainMustMove_NeitherTheChargersCallsNorItsAnswerWait()
    {
        var id = await edge.AddChargerAsync();
        await using var charger = await edge.ConnectAsync(id);
        var reset = SendAsync(id, Reset);
        var call = await charger.NextCallAsync();

        await GrainOf(id).AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        Assert.False((await charger.CallAsync("Heartbeat")).IsError);
        Assert.False(reset.IsCompleted);

        await charger.AnswerAsync(call, Accepted);
        Assert.IsType<CommandOutcome.Answered>(await reset);
    }

    [Fact]
    public async Task Command_BeforeTheSocketIsAttached_WaitsUntilItIs()
    {
        var id = await edge.AddChargerAsync();
        var committed = new TaskCompletionSource();
        var told = new TaskCompletionSource();
        edge.Grains.After(id, call =>
        {
            if (call.Method == "AttachAsync")
            {
                committed.SetResult();
                return told.Task;
            }

            return Task.CompletedTask;
        });
        await using var charger = await edge.ConnectAsync(id);
        await committed.Task;
        var route = await GrainOf(id).RouteAsync(TenantId.Default, Reset); // the grain knows of the connection, and the socket does not yet
        var reset = edge.Server.Grains.GetGrain<IGateway>(GrainId.Parse(route.GatewayId)).CallAsync(route.ConnectionId, Reset);
        told.SetResult();

        var call = await charger.NextCallAsync();
        Assert.Equal("1-1", call.MessageId); // of the first connection, the first
        await charger.AnswerAsync(call, Accepted);
        Assert.IsType<CommandOutcome.Answered>(await reset);
    }

    [Fact]
    public async Task Command_AskedForAgain_IsSentOnce()
    {
        var id = await edge.AddChargerAsync();
        await using var charger = await edge.ConnectAsync(id);
        await charger.CallAsync("Heartbeat");
        var command = Reset with { Id = Guid.NewGuid() };
        var route = await GrainOf(id).RouteAsync(TenantId.Default, command);
        var gateway = edge.Server.Grains.GetGrain<IGateway>(GrainId.Parse(route.GatewayId));

        Assert.Null(await gateway.AskAsync(route.ConnectionId, command)); // the charger thinks
        var again = gateway.AskAsync(route.ConnectionId, command);
        await charger.AnswerAsync(await charger.NextCallAsync(), Accepted);
        Assert.IsType<CommandOutcome.Answered>(await again);
        Assert.IsType<CommandOutcome.Answered>(await gateway.AskAsync(route.ConnectionId, command)); // as if the answer had got lost
        await charger.CallAsync("Heartbeat");
        Assert.False(charger.Calls.TryRead(out _));
    }

    [Fact]
    public async Task Command_AskedForAgain_IsAlsoToldToWhoAsked()
    {
        var id = await edge.AddChargerAsync();
        await using var charger = await edge.ConnectAsync(id);
        await charger.CallAsync("Heartbeat");
        var asker = new Asker();
        var command = Reset with { Id = Guid.NewGuid(), AskedBy = edge.Server.Grains.CreateObjectReference<IGateway>(asker).GetGrainId().ToString() };
        var route = await GrainOf(id).RouteAsync(TenantId.Default, command);
        var gateway = edge.Server.Grains.GetGrain<IGateway>(GrainId.Parse(route.GatewayId));

        var first = gateway.AskAsync(route.ConnectionId, command);
        await charger.AnswerAsync(await charger.NextCallAsync(), Accepted);
        await first;
        Assert.False(asker.Told.IsCompleted); // the answer will do
        await gateway.AskAsync(route.ConnectionId, command);
        var (gatewayId, connectionId, told, outcome) = await asker.Told;
        Assert.Equal((route.GatewayId, route.ConnectionId, command.Id), (gatewayId, connectionId, told));
        Assert.IsType<CommandOutcome.Answered>(outcome);
        GC.KeepAlive(asker);
    }

    [Theory]
    [InlineData(Accepted, true)]
    [InlineData("""{"status":"Rejected"}""", false)]
    public async Task RemoteStart_TransactionThatFollows_IsRemoteIfItWasAccepted(string answer, bool remote)
    {
        var id = await edge.AddChargerAsync();
        await using var charger = await edge.ConnectAsync(id);
        await charger.CallAsync("Heartbeat");
        var start = SendAsync(id, RemoteStart);
        await charger.AnswerAsync(await charger.NextCallAsync(), answer);
        await start;

        Assert.Equal(remote, await StartsRemotelyAsync(edge.Server, id, charger));
    }

    [Fact]
    public async Task RemoteStart_ServerRestartsBeforeTheTransaction_IsRemote()
    {
        await using var other = await CapacitorServer.StartAsync(new Dictionary<string, string?> { ["Capacitor:UnknownChargers"] = "accept" });
        await using (var before = await FakeCharger.ConnectAsync($"{other.BaseAddress}ocpp", "MOVED"))
        {
            Assert.False((await before.CallAsync("Heartbeat")).IsError);
            var start = other.Services.GetRequiredService<CommandSender>().SendAsync(new ChargeBoxId("MOVED"), TenantId.Default, RemoteStart);
            await before.AnswerAsync(await before.NextCallAsync(), Accepted);
            await start;
            await other.RestartAsync();
        }

        await using var after = await FakeCharger.ConnectAsync($"{other.BaseAddress}ocpp", "MOVED");
        Assert.True(await StartsRemotelyAsync(other, "MOVED", after));
        Assert.False(await StartsRemotelyAsync(other, "MOVED", after)); // once
    }

    private static async Task<bool> StartsRemotelyAsync(CapacitorServer server, string id, FakeCharger charger)
    {
        var meter = Interlocked.Increment(ref _lastMeter);
        var started = await charger.CallAsync("StartTransaction", $$"""{"connectorId":1,"idTag":"FAR","meterStart":{{meter}},"timestamp":"2026-02-06T14:30:00Z"}""");
        var transaction = started.Payload.GetProperty("transactionId").GetInt32();
        var open = await server.Grains.GetGrain<IChargerGrain>(new ChargeBoxId(id).GrainKey).FindOpenTransactionAsync(TenantId.Default, transaction);
        return open!.RemoteStarted;
    }

    private Task<CommandOutcome> SendAsync(string id, Command command) => Commands.SendAsync(new ChargeBoxId(id), TenantId.Default, command);

    private IChargerGrain GrainOf(string id) => edge.Server.Grains.GetGrain<IChargerGrain>(new ChargeBoxId(id).GrainKey);

    private sealed class Asker : IGateway
    {
        private readonly TaskCompletionSource<(string, long, Guid, CommandOutcome)> _told = new();

        public Task<(string Gateway, long Connection, Guid Command, CommandOutcome Outcome)> Told => _told.Task;

        public Task TellAsync(string gatewayId, long connectionId, Guid command, CommandOutcome outcome)
        {
            _told.SetResult((gatewayId, connectionId, command, outcome));
            return Task.CompletedTask;
        }

        public Task<CommandOutcome> CallAsync(long connectionId, Command command) => throw new NotSupportedException();

        public Task CloseAsync(long connectionId, SocketEnd cause) => throw new NotSupportedException();

        public Task<CommandOutcome?> AskAsync(long connectionId, Command command) => throw new NotSupportedException();
    }
}

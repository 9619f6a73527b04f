using System.Reflection;
using System.Text;
using System.Text.Json;
using Capacitor.Api.Commands;
using Capacitor.Api.Ocpp;
using Capacitor.Chargers;
using Capacitor.Tenants;
using Capacitor.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;

namespace Capacitor.Api.Tests.Commands;

/// <summary>
/// Commands for the chargers of another process that does not answer: what may have been carried out is not "not connected", and what that process says of it in
/// other ways counts.
/// </summary>
public sealed class LostOutcomeTests : IAsyncLifetime
{
    private const string Elsewhere = "sys.client/elsewhere";

    private readonly ElsewhereCalls _elsewhere = new();
    private CapacitorServer _server = null!;
    private IChargerGrain _charger = null!;
    private long _epoch;
    private int _calls;

    private static ChargeBoxId Id => new("FAR-AWAY");

    private static Command RemoteStart => new()
    {
        Action = "RemoteStartTransaction",
        Payload = """{"connectorId":1,"idTag":"FAR"}"""u8.ToArray(),
        Timeout = TimeSpan.FromMilliseconds(10),
    };

    public async Task InitializeAsync()
    {
        _server = await CapacitorServer.StartAsync(configure: builder => builder.Services.AddSingleton<IOutgoingGrainCallFilter>(_elsewhere));
        await _server.Grains.GetGrain<ITenantGrain>(TenantId.Default.GrainKey).RegisterChargerAsync(new NewCharger { ChargeBoxId = Id });
        _charger = _server.Grains.GetGrain<IChargerGrain>(Id.GrainKey);
        _epoch = (await _charger.AttachAsync(new Attachment { GatewayId = Elsewhere, ConnectionId = 1, Protocol = "ocpp1.6" })).Epoch;
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(typeof(SiloUnavailableException), true)]
    [InlineData(typeof(TimeoutException), true)]
    [InlineData(typeof(OrleansMessageRejectionException), false)]
    [InlineData(typeof(ClientNotAvailableException), false)]
    public async Task Send_GatewayDoesNotAnswer_IsUnknownUnlessItReachedNobody(Type failure, bool mayBeCarriedOut)
    {
        _elsewhere.Instead = _ => throw Make(failure);
        var expected = mayBeCarriedOut ? typeof(CommandOutcome.TimedOut) : typeof(CommandOutcome.NotConnected);

        Assert.IsType(expected, await SendAsync(RemoteStart));
        Assert.Equal(mayBeCarriedOut, await StartsRemotelyAsync());
        Assert.IsType(expected, await _charger.SendAsync(TenantId.Default, RemoteStart));
        Assert.Equal(mayBeCarriedOut, await StartsRemotelyAsync());
    }

    [Fact]
    public async Task Send_AnswersGetLost_EndsWithWhatItIsTold()
    {
        var own = _server.Services.GetRequiredService<OcppEdge>().Gateway!;
        _elsewhere.Instead = async command =>
        {
            await own.TellAsync("sys.client/another", 1, command.Id, new CommandOutcome.NotConnected()); // of an earlier way
            await own.TellAsync(Elsewhere, 1, command.Id, new CommandOutcome.Refused("NotSupported", ""));
            throw new TimeoutException();
        };

        Assert.IsType<CommandOutcome.Refused>(await SendAsync(LongReset));
    }

    [Fact]
    public async Task Send_TheGatewayLeftWithoutIt_GoesToWhereTheChargerIs()
    {
        await using var charger = await MoveAsync();
        await _server.Grains.GetGrain<IGatewaysGrain>(IGatewaysGrain.Key).LeaveAsync(Elsewhere, []);
        _elsewhere.Instead = _ => throw new TimeoutException();

        var sending = SendAsync(LongReset);
        await charger.AnswerAsync(await charger.NextCallAsync(), """{"status":"Accepted"}""");
        Assert.IsType<CommandOutcome.Answered>(await sending);
    }

    [Fact]
    public async Task Send_TheGatewayLeftWithIt_IsUnknownAndSentToNobodyElse()
    {
        await using var charger = await MoveAsync();
        _elsewhere.Instead = async command =>
        {
            await _server.Grains.GetGrain<IGatewaysGrain>(IGatewaysGrain.Key).LeaveAsync(Elsewhere, [command.Id]);
            throw new TimeoutException();
        };

        Assert.IsType<CommandOutcome.TimedOut>(await SendAsync(RemoteStart));
        await charger.CallAsync("Heartbeat");
        Assert.False(charger.Calls.TryRead(out _));
    }

    [Fact]
    public async Task Send_NobodyHasItAndTheChargerIsBack_GoesThere()
    {
        await using var charger = await MoveAsync();
        _elsewhere.Instead = _ => throw Make(typeof(ClientNotAvailableException));

        var sending = SendAsync(LongReset);
        await charger.AnswerAsync(await charger.NextCallAsync(), """{"status":"Accepted"}""");
        Assert.IsType<CommandOutcome.Answered>(await sending);
    }

    private static Command LongReset => new() { Action = "Reset", Payload = """{"type":"Soft"}"""u8.ToArray() };

    private Task<CommandOutcome> SendAsync(Command command) => _server.Services.GetRequiredService<CommandSender>().SendAsync(Id, TenantId.Default, command);

    /// <summary>The charger comes here, and the next command is still sent the way to where it was.</summary>
    private async Task<FakeCharger> MoveAsync()
    {
        var charger = await FakeCharger.ConnectAsync($"{_server.BaseAddress}ocpp", Id.Value);
        await charger.CallAsync("Heartbeat");
        _elsewhere.FirstRoute = new CommandRoute { GatewayId = Elsewhere, ConnectionId = 1 };
        return charger;
    }

    private static Exception Make(Type failure) => failure == typeof(ClientNotAvailableException)
        ? (Exception)Activator.CreateInstance(failure, BindingFlags.NonPublic | BindingFlags.Instance, null, [GrainId.Create("sys.client", "elsewhere")], null)!
        : (Exception)Activator.CreateInstance(failure, BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Instance, null, ["gone"], null)!;

    private async Task<bool> StartsRemotelyAsync()
    {
        var number = ++_calls;
        var answer = await _charger.ReceiveAsync(new ChargerCall
        {
            Epoch = _epoch,
            Number = number,
            MessageId = $"{number}",
            Action = "StartTransaction",
            Payload = Encoding.UTF8.GetBytes($$"""{"connectorId":1,"idTag":"FAR","meterStart":{{number}},"timestamp":"2026-02-06T14:30:00Z"}"""),
        });
        using var body = JsonDocument.Parse(answer.Payload);
        return (await _charger.FindOpenTransactionAsync(TenantId.Default, body.RootElement.GetProperty("transactionId").GetInt32()))!.RemoteStarted;
    }

    private sealed class ElsewhereCalls : IOutgoingGrainCallFilter
    {
        public Func<Command, Task> Instead { get; set; } = _ => Task.CompletedTask;

        public CommandRoute? FirstRoute { get; set; }

        public async Task Invoke(IOutgoingGrainCallContext context)
        {
            if (context.TargetId.ToString() == Elsewhere && context.MethodName is "AskAsync" or "CallAsync")
            {
                await Instead((Command)context.Request.GetArgument(1)!);
            }
            else if (context.MethodName is nameof(IChargerGrain.BeginCommandAsync) && FirstRoute is { } route)
            {
                (context.Result, FirstRoute) = (route, null);
            }
            else
            {
                await context.Invoke();
            }
        }
    }
}

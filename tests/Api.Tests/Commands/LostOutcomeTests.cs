using System.Reflection;
using System.Text;
using System.Text.Json;
using Capacitor.Api.Commands;
using Capacitor.Chargers;
using Capacitor.Tenants;
using Capacitor.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;

namespace Capacitor.Api.Tests.Commands;

/// <summary>Commands for the chargers of another process that does not answer: what may have been carried out is not "not connected".</summary>
public sealed class LostOutcomeTests : IAsyncLifetime
{
    private readonly GatewayFailure _failure = new();
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
        _server = await CapacitorServer.StartAsync(configure: builder => builder.Services.AddSingleton<IOutgoingGrainCallFilter>(_failure));
        await _server.Grains.GetGrain<ITenantGrain>(TenantId.Default.GrainKey).RegisterChargerAsync(new NewCharger { ChargeBoxId = Id });
        _charger = _server.Grains.GetGrain<IChargerGrain>(Id.GrainKey);
        _epoch = (await _charger.AttachAsync(new Attachment { GatewayId = "sys.client/elsewhere", ConnectionId = 1, Protocol = "ocpp1.6" })).Epoch;
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(typeof(SiloUnavailableException), true)]
    [InlineData(typeof(TimeoutException), true)]
    [InlineData(typeof(OrleansMessageRejectionException), false)]
    [InlineData(typeof(ClientNotAvailableException), false)]
    public async Task Send_GatewayDoesNotAnswer_IsUnknownUnlessItReachedNobody(Type failure, bool mayBeCarriedOut)
    {
        _failure.Next = Make(failure);
        var expected = mayBeCarriedOut ? typeof(CommandOutcome.TimedOut) : typeof(CommandOutcome.NotConnected);

        Assert.IsType(expected, await _server.Services.GetRequiredService<CommandSender>().SendAsync(Id, TenantId.Default, RemoteStart));
        Assert.Equal(mayBeCarriedOut, await StartsRemotelyAsync());
        Assert.IsType(expected, await _charger.SendAsync(TenantId.Default, RemoteStart));
        Assert.Equal(mayBeCarriedOut, await StartsRemotelyAsync());
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

    private sealed class GatewayFailure : IOutgoingGrainCallFilter
    {
        public Exception? Next { get; set; }

        public Task Invoke(IOutgoingGrainCallContext context) =>
            context.TargetId.ToString() == "sys.client/elsewhere" && Next is { } failure ? Task.FromException(failure) : context.Invoke();
    }
}

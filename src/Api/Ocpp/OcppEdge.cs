using Capacitor.Api.Messages;
using Capacitor.Chargers;
using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace Capacitor.Api.Ocpp;

/// <summary>What every socket of this process shares.</summary>
internal sealed class OcppEdge(
    IOptions<OcppOptions> options,
    SocketTable sockets,
    LifeClock clock,
    OcppMetrics metrics,
    MessageLog messages,
    IGrainFactory grains,
    TimeProvider time,
    ILogger<OcppEdge> logger)
{
    private Gateway? _gateway;
    private long _stopBegan;

    public OcppOptions Options { get; } = options.Value;

    public SocketTable Sockets => sockets;

    public LifeClock Clock => clock;

    public OcppMetrics Metrics => metrics;

    public MessageLog Messages => messages;

    public IGrainFactory Grains => grains;

    /// <summary>Names this run of the process among the holders of sockets, and is where grains reach it.</summary>
    public string GatewayId { get; private set; } = "";

    public TimeProvider Time => time;

    public ILogger Logger => logger;

    /// <summary>True from the moment the server stops: nobody is let in, and no charger is reported as gone.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>
    /// Makes this process known to grains, once Orleans is up. One object for all sockets and never given up: a call to a forgotten observer hangs for
    /// its whole time-out, and Orleans itself holds it by a weak reference only.
    /// </summary>
    public void Open()
    {
        _gateway = new Gateway(sockets, grains, time);
        _gateway.Id = GatewayId = grains.CreateObjectReference<IGateway>(_gateway).GetGrainId().ToString();
    }

    /// <summary>This process's own gateway; null until it is open.</summary>
    public Gateway? Gateway => _gateway;

    /// <summary>The gateway of this id: its object when it is this process, or the way to another.</summary>
    public IGateway GatewayOf(string gatewayId) => gatewayId == GatewayId && _gateway is { } own ? own : grains.GetGrain<IGateway>(GrainId.Parse(gatewayId));

    public void Stop()
    {
        _stopBegan = time.GetTimestamp();
        IsStopping = true;
    }

    /// <summary>What is left of a time that the stop has in all.</summary>
    public TimeSpan LeftOf(TimeSpan whole)
    {
        var left = whole - time.GetElapsedTime(_stopBegan);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}

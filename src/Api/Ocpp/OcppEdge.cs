using Capacitor.Chargers;
using Microsoft.Extensions.Options;

namespace Capacitor.Api.Ocpp;

/// <summary>What every socket of this process shares.</summary>
internal sealed class OcppEdge(
    IOptions<OcppOptions> options,
    SocketTable sockets,
    LifeClock clock,
    OcppMetrics metrics,
    IGrainFactory grains,
    GatewayIdentity identity,
    TimeProvider time,
    ILogger<OcppEdge> logger)
{
    private readonly Lock _registering = new();
    private Gateway? _gateway;
    private IGateway? _reference;

    public OcppOptions Options { get; } = options.Value;

    public SocketTable Sockets => sockets;

    public PendingAttachments Attaching { get; } = new();

    public LifeClock Clock => clock;

    public OcppMetrics Metrics => metrics;

    public IGrainFactory Grains => grains;

    public string GatewayId => identity.Id;

    public TimeProvider Time => time;

    public ILogger Logger => logger;

    /// <summary>True from the moment the server stops: nobody is let in, and no charger is reported as gone.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>
    /// What grains call this process by. One for all sockets and never given up: a call to a forgotten observer hangs for
    /// its whole time-out, and Orleans itself holds it by a weak reference only.
    /// </summary>
    public IGateway Gateway
    {
        get
        {
            if (Volatile.Read(ref _reference) is { } reference)
            {
                return reference;
            }

            lock (_registering)
            {
                _gateway ??= new Gateway(sockets);
                _reference ??= grains.CreateObjectReference<IGateway>(_gateway);
                return _reference;
            }
        }
    }

    public void Stop() => IsStopping = true;
}

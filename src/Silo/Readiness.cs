using Microsoft.Extensions.Hosting;
using Orleans.Runtime;

namespace Capacitor.Silo;

/// <summary>Whether requests should be sent here.</summary>
internal sealed class Readiness(ISiloStatusOracle silo, IHostApplicationLifetime lifetime)
{
    private volatile bool _prepared;

    /// <summary>What is told with <see cref="IsReady"/>.</summary>
    public string Status => lifetime.ApplicationStopping.IsCancellationRequested ? "stopping" : IsReady ? "ready" : "starting";

    public bool IsReady => _prepared && silo.CurrentStatus == SiloStatus.Active && !lifetime.ApplicationStopping.IsCancellationRequested;

    public void Prepared() => _prepared = true;
}

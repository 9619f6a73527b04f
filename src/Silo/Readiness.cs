using Capacitor.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Runtime;

namespace Capacitor.Silo;

/// <summary>One thing that must be well before requests are sent here. Asked often; answers at once, from memory.</summary>
public interface IReadinessCheck
{
    /// <summary>What is not well, as a word for <c>/health/ready</c> such as <c>starting</c>; null when all is.</summary>
    string? Problem { get; }
}

/// <summary>Whether requests should be sent here: no stop was asked for, and no <see cref="IReadinessCheck"/> has a problem.</summary>
internal sealed class Readiness(IEnumerable<IReadinessCheck> checks, IHostApplicationLifetime lifetime)
{
    private const string Ready = "ready";

    private readonly IReadinessCheck[] _checks = [.. checks];

    /// <summary>The word for it: of several problems the first.</summary>
    public string Status
    {
        get
        {
            if (lifetime.ApplicationStopping.IsCancellationRequested)
            {
                return "stopping";
            }

            foreach (var check in _checks)
            {
                if (check.Problem is { } problem)
                {
                    return problem;
                }
            }

            return Ready;
        }
    }

    public bool IsReady => Status == Ready;
}

/// <summary>The silo is in the cluster, and the first tenant is there.</summary>
internal sealed class SiloReadiness(ISiloStatusOracle silo) : IReadinessCheck
{
    private volatile bool _prepared;

    public string? Problem => !_prepared || silo.CurrentStatus is SiloStatus.Created or SiloStatus.Joining
        ? "starting"
        : silo.CurrentStatus == SiloStatus.Active ? null : "cluster_left";

    public void Prepared() => _prepared = true;
}

/// <summary>What is committed here becomes durable.</summary>
internal sealed class JournalReadiness(IJournalHealth journal) : IReadinessCheck
{
    public string? Problem => journal.IsWritable switch
    {
        null => "starting",
        true => null,
        false => "journal_unavailable",
    };
}

internal static class ReadinessServices
{
    /// <summary>What a process with a silo is asked; others add checks of their own to <see cref="Readiness"/>.</summary>
    public static IServiceCollection AddSiloReadiness(this IServiceCollection services)
    {
        services.AddSingleton<Readiness>();
        services.AddSingleton<SiloReadiness>();
        services.AddSingleton<IReadinessCheck>(static provider => provider.GetRequiredService<SiloReadiness>());
        services.AddSingleton<IReadinessCheck, JournalReadiness>();
        return services;
    }
}

using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Capacitor.Silo;

/// <summary>
/// Ends this process when it alone has lost the database: the others still reach it, so nobody would take over its grains, and no charger of theirs would be
/// answered for as long as the cut lasts. Who starts it again lets it wait for the database.
/// </summary>
internal sealed partial class JournalWatch(
    ClusterJournal journal, JournalWitnesses others, ProcessEnd process, ILocalSiloDetails silo, TimeProvider time, ILogger<JournalWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (journal.Hear(journal.IsInDoubt ? await others.AskAsync() : []))
            {
                Leaving(logger, silo.SiloAddress, journal.Outage.TotalSeconds);
                process.EndNow();
            }
        }
    }

    [LoggerMessage(6030, LogLevel.Critical, "This silo ({Silo}) has not been able to write to the journal for {Seconds:0} seconds, and others have: it leaves the cluster to them and ends")]
    private static partial void Leaving(ILogger logger, SiloAddress silo, double seconds);
}

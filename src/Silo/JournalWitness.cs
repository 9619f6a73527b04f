using Capacitor.Storage;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Runtime.Services;
using Orleans.Services;

namespace Capacitor.Silo;

/// <summary>Tells other silos whether this one can write to the journal. One in each silo, reached by the silo's address.</summary>
[Alias("capacitor.IJournalWitness")]
internal interface IJournalWitness : IGrainService
{
    /// <summary>How long it has been able to without a break, from memory; zero when it is not.</summary>
    [Alias("Testify"), ResponseTimeout("00:00:02")]
    Task<TimeSpan> TestifyAsync();
}

internal sealed class JournalWitness(IJournalHealth journal, GrainId id, Orleans.Runtime.Silo silo, ILoggerFactory loggers) : GrainService(id, silo, loggers), IJournalWitness
{
    public Task<TimeSpan> TestifyAsync() => Task.FromResult(journal.WritableFor);
}

/// <summary>Asks the witnesses of all other active silos.</summary>
internal sealed partial class JournalWitnesses(ISiloStatusOracle silos, IServiceProvider services, ILogger<JournalWitnesses> logger)
    : GrainServiceClient<IJournalWitness>(services)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>For how long each has been able to write.</summary>
    public async Task<IReadOnlyCollection<TimeSpan>> AskAsync() => await Task.WhenAll(silos.GetApproximateSiloStatuses(onlyActive: true).Keys
        .Where(silo => !silo.Equals(silos.SiloAddress)).Select(AskAsync));

    private async Task<TimeSpan> AskAsync(SiloAddress silo)
    {
        try
        {
            return await GetGrainService(silo).TestifyAsync().WaitAsync(Patience, TimeProvider.System);
        }
        catch (Exception failure)
        {
            NoAnswer(logger, failure, silo);
            return TimeSpan.Zero; // it is as if it could not write: nobody leaves on the word of one that does not speak
        }
    }

    [LoggerMessage(6031, LogLevel.Information, "The silo {Silo} did not say whether it can write to the journal")]
    private static partial void NoAnswer(ILogger logger, Exception failure, SiloAddress silo);
}

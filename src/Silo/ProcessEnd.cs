using Microsoft.Extensions.Logging;

namespace Capacitor.Silo;

/// <summary>The end of the process without a farewell: an orderly stop would wait for the database that is out of reach.</summary>
internal sealed class ProcessEnd(IEnumerable<ILoggerProvider> logs)
{
    /// <summary>Not 0, so that it is started again; not 1, which says that it cannot be.</summary>
    private const int ExitCode = 3;

    public void EndNow()
    {
        foreach (var log in logs)
        {
            log.Dispose(); // writes what it still holds
        }

        Environment.Exit(ExitCode);
    }
}

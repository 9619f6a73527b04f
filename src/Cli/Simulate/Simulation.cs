using System.Diagnostics.CodeAnalysis;

namespace Capacitor.Cli.Simulate;

/// <summary>Registers the chargers, lets them live, shows how they do, and ends them well.</summary>
[SuppressMessage("Security", "CA5394", Justification = "Chargers are simulated here, not secrets.")]
internal sealed class Simulation(SimulationOptions options, TimeProvider time, TextWriter output, bool isLive = false)
{
    // Chargers come on one after the other within this time of theirs.
    private static readonly TimeSpan Arrival = TimeSpan.FromMinutes(1);

    // How long the chargers have to end their transactions and to close their sockets.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    /// <summary>Ends when the chargers do, when the time is up, or when it is cancelled: all three are good endings.</summary>
    /// <exception cref="SimulationException">The server cannot be reached or does not want us.</exception>
    public async Task<SimulationSummary> RunAsync(CancellationToken cancellation)
    {
        var progress = new Progress(options.Chargers);
        if (options.ApiKey is { } apiKey)
        {
            using var registration = new Registration(options.ApiUrl, apiKey);
            await registration.RegisterAsync(options, cancellation);
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var abort = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var grace = stop.Token.Register(() => abort.CancelAfter(Farewell));
        using var limit = new CancellationTokenSource(options.Duration ?? Timeout.InfiniteTimeSpan, time);
        using var end = limit.Token.Register(stop.Cancel);
        using var done = new CancellationTokenSource();

        var display = new ProgressDisplay(progress, output, time, isLive).RunAsync(done.Token);
        var finished = 0;
        try
        {
            var endings = new Endings(options.Once ? 5 : null, stop.Token, abort.Token);
            var lives = Enumerable.Range(1, options.Chargers).Select(number => LiveAsync(number, progress, endings, stop));
            finished = (await Task.WhenAll(lives)).Count(isFinished => isFinished);
        }
        finally
        {
            await done.CancelAsync();
            await display;
        }

        var summary = progress.Summarise(options.Once && !stop.IsCancellationRequested ? options.Chargers - finished : 0);
        await output.WriteLineAsync(summary.ToString());
        return summary;
    }

    /// <summary>True when the charger lived its life as far as it was meant to.</summary>
    private async Task<bool> LiveAsync(int number, Progress progress, Endings endings, CancellationTokenSource stop)
    {
        var random = options.Seed is { } seed ? new Random(unchecked((seed * 1_000_003) + number)) : new Random();
        var pace = new Pace(options.Speed, time);
        var commands = new RemoteCommands();
        var identity = new ChargerIdentity(options.ChargeBoxId(number), options.ChargerUrl(number), number);
        await using var line = new ChargerLine(identity, commands, progress, time, random, endings);
        try
        {
            await pace.WaitAsync(Arrival * random.NextDouble(), endings.Stop);
            await new SimulatedCharger(line, commands, pace, progress, time, random, endings).LiveAsync(options.Once);
            return true;
        }
        catch (OperationCanceledException) when (endings.Stop.IsCancellationRequested)
        {
            return false;
        }
        catch (UnreachableServerException failure)
        {
            progress.Failed(failure.Message);
            if (progress.HasEverConnected)
            {
                return false;
            }

            // Nobody has ever got through: waiting would not help, saying so does.
            await stop.CancelAsync();
            throw new SimulationException(failure.Message, failure);
        }
    }
}

namespace Capacitor.Cli.Simulate;

/// <summary>One line that is written over in a terminal, and written again now and then elsewhere.</summary>
internal sealed class ProgressDisplay(Progress progress, TextWriter output, TimeProvider time, bool isLive)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(isLive ? TimeSpan.FromMilliseconds(250) : TimeSpan.FromSeconds(10), time);
        var width = 0;
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                var line = progress.ToString();
                if (isLive)
                {
                    await output.WriteAsync($"\r{line.PadRight(width)}");
                    width = line.Length;
                }
                else
                {
                    await output.WriteLineAsync(line);
                }
            }
        }
        catch (OperationCanceledException)
        {
            if (width > 0)
            {
                await output.WriteAsync($"\r{progress.ToString().PadRight(width)}\n");
            }
        }
    }
}

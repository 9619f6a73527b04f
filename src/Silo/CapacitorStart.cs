using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Capacitor.Silo;

/// <summary>Runs a process that hosts a silo.</summary>
public static class CapacitorStart
{
    /// <summary>
    /// Starts, and runs until it is told to stop. What keeps it from starting is told on the error output in sentences, all at once. Returns the exit code.
    /// </summary>
    public static async Task<int> RunCapacitorAsync(this WebApplication app)
    {
        await using (app)
        {
            var problems = StartProblems.Find(app.Services);
            if (problems.Count == 0)
            {
                problems = await TryStartAsync(app);
            }

            if (problems.Count > 0)
            {
                await Console.Error.WriteLineAsync($"Capacitor cannot start:{string.Concat(problems.Select(problem => $"{Environment.NewLine}  - {problem}"))}");
                return 1;
            }

            await app.WaitForShutdownAsync();
            return 0;
        }
    }

    private static async Task<List<string>> TryStartAsync(WebApplication app)
    {
        var isStarting = false;
        try
        {
            // The host makes all of its services before it starts the first, and the journal looks into its tables when it is made.
            if (app.Services.GetService<DatabasePreparation>() is { } database)
            {
                await database.StartAsync(CancellationToken.None);
            }

            app.Services.GetServices<IHostedService>(); // a host that cannot make its services cannot be stopped either
            isStarting = true;
            await app.StartAsync();
            return [];
        }
        catch (Exception failure) when (StartProblems.Explain(failure) is { Count: > 0 } problems)
        {
            if (isStarting)
            {
                await app.StopAsync(); // the silo may be up already
            }

            return problems;
        }
    }
}

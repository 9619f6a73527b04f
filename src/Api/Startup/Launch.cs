using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Capacitor.Api.Startup;

/// <summary>Runs the process: greets when it is up, and says in a sentence why it does not start.</summary>
internal static class Launch
{
    // The host logs a failed start with its stack trace, which buries the sentence that helps.
    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    public static async Task<int> RunAsync(string[] args)
    {
        var started = false;
        try
        {
            await using var app = Program.Build(args, builder => builder.Logging.AddFilter(HostCategory, _ => started));
            await app.StartAsync();
            started = true;
            Greet(app);
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception exception) when (!started && StartupFailure.Explain(exception) is { } explanation)
        {
            await Console.Error.WriteLineAsync($"Capacitor cannot start: {explanation}");
            return 1;
        }
    }

    private static void Greet(WebApplication app)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var first = addresses.FirstOrDefault() ?? "nowhere";
        Console.WriteLine($"Capacitor is ready at {string.Join(", ", addresses)}. Chargers connect to {first.Replace("http", "ws", StringComparison.Ordinal)}/ocpp/{{chargeBoxId}};");
        Console.WriteLine("the API is under /api/v1 (docs/ describes it), health under /health/ready, metrics under /metrics. Ctrl-C stops it.");
    }
}

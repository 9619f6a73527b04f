using System.CommandLine;
using System.CommandLine.Parsing;

namespace Capacitor.Cli.Simulate;

/// <summary><c>capacitor simulate</c></summary>
internal static class SimulateCommand
{
    public static Command Build()
    {
        var chargers = new Option<int>("--chargers") { Description = "How many chargers.", DefaultValueFactory = _ => 10 };
        var url = new Option<Uri>("--url")
        {
            Description = "Where chargers connect; the charger's id is added.",
            DefaultValueFactory = _ => new Uri("ws://localhost:5080/ocpp"),
            CustomParser = ReadUrl,
        };
        var apiKey = new Option<string?>("--api-key") { Description = "Registers the chargers with this key first; those that are there already stay as they are." };
        var prefix = new Option<string>("--id-prefix") { Description = "What the chargers' ids begin with.", DefaultValueFactory = _ => "SIM-" };
        var seconds = new Option<int?>("--seconds") { Description = "Stop after so many seconds; without it, at Ctrl-C." };
        var speed = new Option<double>("--speed")
        {
            Description = "How much faster than life people come, charge and go; the protocol keeps its own times.",
            DefaultValueFactory = _ => 60,
        };
        var seed = new Option<int?>("--seed") { Description = "Makes the same choices again." };
        var once = new Option<bool>("--once") { Description = "Every charger lives one session and leaves." };
        chargers.Validators.Add(result => Refuse(result, result.GetValueOrDefault<int>() is < 1 or > 100_000, "--chargers must be between 1 and 100000."));
        seconds.Validators.Add(result => Refuse(result, result.GetValueOrDefault<int?>() < 1, "--seconds must be at least 1."));
        speed.Validators.Add(result => Refuse(result, result.GetValueOrDefault<double>() is not (>= 0.1 and <= 1_000_000), "--speed must be between 0.1 and 1000000."));

        var command = new Command("simulate", "Simulates OCPP 1.6J chargers, for people without hardware.") { chargers, url, apiKey, prefix, seconds, speed, seed, once };
        command.SetAction((line, cancellation) => RunAsync(
            new SimulationOptions
            {
                Chargers = line.GetValue(chargers),
                Url = line.GetValue(url)!,
                ApiKey = line.GetValue(apiKey),
                IdPrefix = line.GetValue(prefix)!,
                Duration = line.GetValue(seconds) is { } length ? TimeSpan.FromSeconds(length) : null,
                Speed = line.GetValue(speed),
                Seed = line.GetValue(seed),
                Once = line.GetValue(once),
            },
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(SimulationOptions options, CancellationToken cancellation)
    {
        try
        {
            var simulation = new Simulation(options, TimeProvider.System, Console.Out, isLive: !Console.IsOutputRedirected);
            var summary = await simulation.RunAsync(cancellation);
            return summary.Unfinished == 0 ? 0 : 1;
        }
        catch (SimulationException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped before the chargers were registered.");
            return 1;
        }
    }

    private static Uri? ReadUrl(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url) && url.Scheme is "ws" or "wss")
        {
            return url;
        }

        result.AddError("--url must begin with ws:// or wss://, such as ws://localhost:5080/ocpp.");
        return null;
    }

    private static void Refuse(SymbolResult result, bool isWrong, string sentence)
    {
        if (isWrong)
        {
            result.AddError(sentence);
        }
    }
}

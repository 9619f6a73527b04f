using System.CommandLine;
using System.CommandLine.Parsing;

namespace Capacitor.Cli.Listen;

/// <summary><c>capacitor listen</c></summary>
internal static class ListenCommand
{
    private const string KeyVariable = "CAPACITOR_API_KEY";

    public static Command Build()
    {
        var forwardTo = new Option<Uri>("--forward-to")
        {
            Description = "Where your program takes webhooks, such as http://localhost:3000/hook.",
            Required = true,
            CustomParser = result => ReadUrl(result, "--forward-to must begin with http:// or https://, such as http://localhost:3000/hook."),
        };
        var url = new Option<Uri>("--url")
        {
            Description = "Where Capacitor is.",
            DefaultValueFactory = _ => new Uri("http://localhost:5080"),
            CustomParser = result => ReadUrl(result, "--url must begin with http:// or https://, such as http://localhost:5080."),
        };
        var apiKey = new Option<string?>("--api-key") { Description = $"The key of your account; without it, {KeyVariable} of the environment." };
        var events = new Option<string?>("--events") { Description = "Only these, separated by commas: transaction.started, or a group such as charger.*" };
        var charger = new Option<string?>("--charger") { Description = "Only those of this charger." };
        var secret = new Option<SigningSecret?>("--secret") { Description = "Signs what is forwarded; without it, one is made and printed.", CustomParser = ReadSecret };
        var after = new Option<long?>("--after") { Description = "Begin behind this position, 0 for the oldest event; without it, with what happens from now on." };
        var quiet = new Option<bool>("--quiet") { Description = "Print only what is not taken." };
        after.Validators.Add(result => Refuse(result, result.GetValueOrDefault<long?>() < 0, "--after must be a position: 0, or the id of an event of the stream."));

        var command = new Command(
            "listen", "Forwards events to a program on this machine, as webhooks would come. Exit codes: 0 ended by Ctrl-C; 1 cannot begin; 3 key refused; 4 not allowed; 5 wrong URL.")
        {
            forwardTo, url, apiKey, events, charger, secret, after, quiet,
        };
        command.SetAction((line, cancellation) => RunAsync(
            line.GetValue(apiKey) ?? Environment.GetEnvironmentVariable(KeyVariable),
            key => new ListenOptions
            {
                Url = line.GetValue(url)!,
                ApiKey = key,
                ForwardTo = line.GetValue(forwardTo)!,
                Events = line.GetValue(events)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
                Charger = line.GetValue(charger),
                Secret = line.GetValue(secret) ?? SigningSecret.Make(),
                After = line.GetValue(after),
                Quiet = line.GetValue(quiet),
            },
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string? key, Func<string, ListenOptions> options, CancellationToken cancellation)
    {
        try
        {
            if (string.IsNullOrWhiteSpace(key))
            {
                throw new ListenException(ListenException.NoStart, $"An API key is needed: --api-key, or {KeyVariable} of the environment.");
            }

            await new Listener(options(key.Trim()), TimeProvider.System, Console.Out).RunAsync(cancellation);
            return 0;
        }
        catch (ListenException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return failure.ExitCode;
        }
    }

    private static Uri? ReadUrl(ArgumentResult result, string sentence)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps))
        {
            return url;
        }

        result.AddError(sentence);
        return null;
    }

    private static SigningSecret? ReadSecret(ArgumentResult result)
    {
        if (!SigningSecret.TryParse(result.Tokens[0].Value, out var secret))
        {
            result.AddError("--secret must have 1 to 256 characters; what begins with whsec_ must go on in base64.");
        }

        return secret;
    }

    private static void Refuse(SymbolResult result, bool isWrong, string sentence)
    {
        if (isWrong)
        {
            result.AddError(sentence);
        }
    }
}

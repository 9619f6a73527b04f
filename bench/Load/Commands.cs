using System.CommandLine;
using Capacitor.Load.Scenarios;
using Capacitor.Load.Scenarios.Webhooks;
using Capacitor.Load.Servers;

namespace Capacitor.Load;

/// <summary>The command line.</summary>
internal static class Commands
{
    private static readonly Option<string> s_target = new("--target") { Description = "limit, capacitor, postgres (one process), cluster (3 silos, 2 Apis), or url", DefaultValueFactory = _ => "capacitor", Recursive = true };
    private static readonly Option<Uri?> s_url = new("--url")
    {
        Description = "address of a running server, for --target url",
        CustomParser = result => new Uri(result.Tokens[0].Value),
        Recursive = true,
    };
    private static readonly Option<int?> s_pid = new("--pid") { Description = "process of a running server, for its counters", Recursive = true };
    private static readonly Option<string?> s_apiKey = new("--api-key") { Description = "API key of a running server", Recursive = true };
    private static readonly Option<int> s_seconds = Number("--seconds", "length of the measured window", 15);
    private static readonly Option<int> s_repeats = Number("--repeats", "how often everything is measured", 3);
    private static readonly Option<int> s_warmup = Number("--warmup", "seconds before it", 12);

    public static RootCommand Build() => new("Drives an OCPP 1.6J server with many chargers and takes its webhooks.")
    {
        s_target, s_url, s_pid, s_apiKey, Closed(), Open(), Idle(), Storm(), Pause(), All(), Cluster(), Additions(),
        Deliveries(), Neighbour(), Blackhole(), DeadMemory(), Replay(), WebhookMemory(),
    };

    private static Command Closed()
    {
        var chargers = Number("--chargers", "how many chargers", 100);
        var command = new Command("closed", "one call outstanding per charger, always") { chargers, s_seconds, s_warmup };
        command.SetAction((line, _) => RunAsync(line, async server => Report.Print(server.Target.Name, line.GetValue(chargers),
            await Scenarios.Closed.RunAsync(server, line.GetValue(chargers), Seconds(line, s_warmup), Seconds(line, s_seconds)))));
        return command;
    }

    private static Command Open()
    {
        var chargers = Number("--chargers", "how many chargers", 200);
        var rate = Number("--rate", "calls a second", 200);
        var command = new Command("open", "calls at a rate of their own: event to webhook latency") { chargers, rate, s_seconds, s_warmup };
        command.SetAction((line, _) => RunAsync(line, async server => Report.Print(server.Target.Name,
            await Scenarios.Open.RunAsync(server, line.GetValue(chargers), line.GetValue(rate), Seconds(line, s_warmup), Seconds(line, s_seconds)))));
        return command;
    }

    private static Command Idle()
    {
        var chargers = Number("--chargers", "how many chargers", 5000);
        var command = new Command("idle", "connected, booted, silent: memory per connection") { chargers };
        command.SetAction((line, _) => RunAsync(line, async server => Report.Print(server.Target.Name, await Scenarios.Idle.RunAsync(server, line.GetValue(chargers)))));
        return command;
    }

    private static Command Storm()
    {
        var chargers = Number("--chargers", "how many chargers", 1000);
        var command = new Command("storm", "all cut at once, all back at once") { chargers };
        command.SetAction((line, _) => RunAsync(line, async server => Report.Print(server.Target.Name, await Scenarios.Storm.RunAsync(server, line.GetValue(chargers)))));
        return command;
    }

    private static Command Pause()
    {
        var chargers = Number("--chargers", "how many chargers", 200);
        var rate = Number("--rate", "calls a second", 200);
        var command = new Command("pause", "one silo after the other is killed: the longest answer; for --target cluster") { chargers, rate, s_warmup };
        command.SetAction((line, _) => RunAsync(line, async server => Report.Print(server.Target.Name,
            await Scenarios.Pause.RunAsync(server, line.GetValue(chargers), line.GetValue(rate), Seconds(line, s_warmup)))));
        return command;
    }

    private static Command Cluster()
    {
        var command = new Command("cluster", "the limit, one process on PostgreSQL and a cluster by turns, with the ratios that are our goals") { s_repeats, s_seconds, s_warmup };
        command.SetAction(async (line, _) =>
        {
            await ClusterGoals.RunAsync(line.GetValue(s_repeats), Seconds(line, s_warmup), Seconds(line, s_seconds));
            return 0;
        });
        return command;
    }

    private static Command All()
    {
        var command = new Command("all", "everything on one machine, the limit and Capacitor by turns, with the ratios that are our goals") { s_repeats, s_seconds, s_warmup };
        command.SetAction(async (line, _) =>
        {
            await Scenarios.All.RunAsync(line.GetValue(s_repeats), Seconds(line, s_warmup), Seconds(line, s_seconds));
            return 0;
        });
        return command;
    }

    private static Command Additions()
    {
        var chargers = Number("--chargers", "how many chargers", 100);
        var before = new Option<string?>("--before") { Description = "another checkout, built in Release, that has none of them" };
        var command = new Command("additions", "what the message log, anomalies and limits cost of the closed loop, by turns with and without") { chargers, before, s_repeats, s_seconds, s_warmup };
        command.SetAction(async (line, _) =>
        {
            await Scenarios.Additions.RunAsync(line.GetValue(chargers), line.GetValue(before), line.GetValue(s_repeats), Seconds(line, s_warmup), Seconds(line, s_seconds));
            return 0;
        });
        return command;
    }

    private static Command Deliveries()
    {
        var chargers = Number("--chargers", "how many chargers the events are of", 200);
        var events = Number("--events", "events of the backlog", 200_000);
        var inFlight = Number("--in-flight", "posts at a time", 128);
        var command = new Command("deliveries", "one webhook delivers a backlog, beside a bare loop of posts") { chargers, events, inFlight, s_repeats, s_warmup };
        command.SetAction((line, _) => RunAsync(line, target => Scenarios.Webhooks.Deliveries.RunAsync(
            target, line.GetValue(chargers), line.GetValue(events), line.GetValue(inFlight), line.GetValue(s_repeats), Seconds(line, s_warmup))));
        return command;
    }

    private static Command Neighbour()
    {
        var webhooks = Number("--webhooks", "dead webhooks of A, of each kind", 4);
        var rate = Number("--rate", "calls a second of B", 200);
        var rateOfA = Number("--rate-of-a", "calls a second of A", 300);
        var command = new Command("neighbour", "what tenant B's events take while A's endpoints are dead") { webhooks, rate, rateOfA, s_repeats, s_seconds, s_warmup };
        command.SetAction((line, _) => RunAsync(line, target => Scenarios.Webhooks.Neighbour.RunAsync(
            target, line.GetValue(webhooks), line.GetValue(rate), line.GetValue(rateOfA), line.GetValue(s_repeats), Seconds(line, s_warmup), Seconds(line, s_seconds))));
        return command;
    }

    private static Command Blackhole()
    {
        var healthy = Number("--healthy", "webhooks that are served", 10);
        var dead = Number("--dead", "webhooks that hang", 990);
        var rate = Number("--rate", "calls a second; every event is for all webhooks", 20);
        var command = new Command("blackhole", "what the served webhooks' events take beside many that hang") { healthy, dead, rate, s_repeats, s_seconds, s_warmup };
        command.SetAction((line, _) => RunAsync(line, target => Scenarios.Webhooks.Blackhole.RunAsync(
            target, line.GetValue(healthy), line.GetValue(dead), line.GetValue(rate), line.GetValue(s_repeats), Seconds(line, s_warmup), Seconds(line, s_seconds))));
        return command;
    }

    private static Command DeadMemory()
    {
        var dead = Number("--dead", "webhooks that hang", 990);
        var events = Number("--events", "events that wait for each", 100_000);
        var command = new Command("dead-memory", "memory per webhook that hangs while events wait") { dead, events };
        command.SetAction((line, _) => RunAsync(line, target => Scenarios.Webhooks.DeadMemory.RunAsync(target, line.GetValue(dead), line.GetValue(events))));
        return command;
    }

    private static Command Replay()
    {
        var events = Number("--events", "events that are replayed", 100_000);
        var rate = Number("--rate", "live calls a second", 200);
        var command = new Command("replay", "what live events take beside a replay, and how long that takes") { events, rate, s_repeats, s_seconds, s_warmup };
        command.SetAction((line, _) => RunAsync(line, target => ReplayBeside.RunAsync(
            target, line.GetValue(events), line.GetValue(rate), line.GetValue(s_repeats), Seconds(line, s_warmup), Seconds(line, s_seconds))));
        return command;
    }

    private static Command WebhookMemory()
    {
        var webhooks = Number("--webhooks", "webhooks in all", 10_000);
        var tenants = Number("--tenants", "tenants that they are spread over", 20);
        var command = new Command("webhook-memory", "memory per idle webhook") { webhooks, tenants };
        command.SetAction((line, _) => RunAsync(line, target => Scenarios.Webhooks.WebhookMemory.RunAsync(target, line.GetValue(webhooks), line.GetValue(tenants))));
        return command;
    }

    /// <summary>Of those that start servers as they need them.</summary>
    private static async Task<int> RunAsync(ParseResult line, Func<Target, Task> scenario)
    {
        if (TargetOf(line) is not { Url: null, Forgets: false } target)
        {
            await Console.Error.WriteLineAsync("--target is capacitor, postgres or cluster here.");
            return 1;
        }

        await scenario(target);
        return 0;
    }

    private static async Task<int> RunAsync(ParseResult line, Func<Server, Task> scenario)
    {
        if (TargetOf(line) is not { } target)
        {
            await Console.Error.WriteLineAsync("--target is limit, capacitor, postgres, cluster, or url together with --url.");
            return 1;
        }

        await using var server = await Server.StartAsync(target);
        await scenario(server);
        return 0;
    }

    private static Target? TargetOf(ParseResult line) => line.GetValue(s_target) switch
    {
        "limit" => Target.Limit,
        "capacitor" => Target.Capacitor,
        "postgres" => Target.Postgres,
        "cluster" => Target.Cluster,
        "url" when line.GetValue(s_url) is { } url => new Target { Name = url.Authority, Url = url, ProcessId = line.GetValue(s_pid), ApiKey = line.GetValue(s_apiKey) ?? "" },
        _ => null,
    };

    private static Option<int> Number(string name, string description, int usual) => new(name) { Description = description, DefaultValueFactory = _ => usual };

    private static TimeSpan Seconds(ParseResult line, Option<int> option) => TimeSpan.FromSeconds(line.GetValue(option));
}

namespace Capacitor.Chargers;

/// <summary>A CALL to a charger.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.command")]
public sealed record Command
{
    /// <summary>OCPP's action, such as <c>Reset</c>.</summary>
    [Id(0)] public required string Action { get; init; }

    /// <summary>The payload's JSON in UTF-8.</summary>
    [Id(1)] public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>How long the whole command may take, waiting in the queue included. At most two minutes.</summary>
    [Id(2)] public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Names it, so that the charger's grain can be asked for its way again. Empty: not named.</summary>
    [Id(3)] public Guid Id { get; init; }

    /// <summary>The Api process that asks for the outcome: its <see cref="IGateway"/>'s grain id as text. Empty: one that can only be answered.</summary>
    [Id(4)] public string AskedBy { get; init; } = "";

    /// <summary>True when its history is kept: the charger's grain hears how it ends, also when the answer is late.</summary>
    [Id(5)] public bool IsRecorded { get; init; }
}

/// <summary>Where a command goes, or why it goes nowhere.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.command-route")]
public sealed record CommandRoute
{
    /// <summary>How the command ends without ever going to the charger; null when it goes.</summary>
    [Id(0)] public CommandOutcome? Refusal { get; init; }

    /// <summary>The Api process that holds the socket: its <see cref="IGateway"/>'s grain id as text; empty when refused.</summary>
    [Id(1)] public string GatewayId { get; init; } = "";

    /// <summary>The socket within its gateway.</summary>
    [Id(2)] public long ConnectionId { get; init; }

    /// <summary>True when the charger's grain wants to be told how the command ends: <see cref="IChargerGrain.ConcludeAsync"/>.</summary>
    [Id(3)] public bool WantsOutcome { get; init; }
}

/// <summary>How a command ended.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.command-outcome")]
public abstract record CommandOutcome
{
    private CommandOutcome()
    {
    }

    /// <summary>The tenant has no such charger.</summary>
    [GenerateSerializer, Immutable, Alias("capacitor.command-unknown-charger")]
    public sealed record UnknownCharger : CommandOutcome;

    /// <summary>No socket is attached; known at once.</summary>
    [GenerateSerializer, Immutable, Alias("capacitor.command-not-connected")]
    public sealed record NotConnected : CommandOutcome;

    /// <summary>Too many commands wait for this charger already.</summary>
    [GenerateSerializer, Immutable, Alias("capacitor.command-queue-full")]
    public sealed record QueueFull : CommandOutcome;

    /// <summary>The charger answered with a CALLRESULT; its payload's JSON in UTF-8.</summary>
    [GenerateSerializer, Immutable, Alias("capacitor.command-answered")]
    public sealed record Answered([property: Id(0)] ReadOnlyMemory<byte> Payload) : CommandOutcome;

    /// <summary>The charger answered with a CALLERROR.</summary>
    [GenerateSerializer, Immutable, Alias("capacitor.command-refused")]
    public sealed record Refused([property: Id(0)] string Code, [property: Id(1)] string Description) : CommandOutcome;

    /// <summary>No answer in time; the charger may still carry it out.</summary>
    [GenerateSerializer, Immutable, Alias("capacitor.command-timed-out")]
    public sealed record TimedOut : CommandOutcome;

    /// <summary>The socket ended before the answer; the charger may still carry it out.</summary>
    [GenerateSerializer, Immutable, Alias("capacitor.command-disconnected")]
    public sealed record Disconnected : CommandOutcome;
}

/// <summary>The way from a charger's grain to the Api process that holds its socket: one long-lived object per process.</summary>
[Alias("capacitor.IGateway")]
public interface IGateway : IGrainObserver
{
    /// <summary>Sends a command when its turn comes and waits for the answer. Answers <see cref="CommandOutcome.NotConnected"/> for a socket it does not hold.</summary>
    [Alias("Call"), Orleans.Concurrency.AlwaysInterleave, ResponseTimeout("00:02:30")]
    Task<CommandOutcome> CallAsync(long connectionId, Command command);

    /// <summary>Ends a socket; nothing happens when it is gone.</summary>
    [Alias("Close"), Orleans.Concurrency.AlwaysInterleave]
    Task CloseAsync(long connectionId, SocketEnd cause);

    /// <summary>
    /// Sends a command as <see cref="CallAsync"/> does, and answers within seconds: null while there is no outcome yet. Asked again it joins the command of the same
    /// <see cref="Command.Id"/>, which is sent once: an answer that got lost on its way is there at the next time.
    /// </summary>
    [Alias("Ask"), Orleans.Concurrency.AlwaysInterleave, ResponseTimeout(AskAgain.Soon)]
    Task<CommandOutcome?> AskAsync(long connectionId, Command command);

    /// <summary>
    /// Hears, besides the answer, how a command ended that this process asked the gateway <paramref name="gatewayId"/> for: between two clients of Orleans an answer
    /// may be sent by way of a silo that is gone, again and again, while a call is not.
    /// </summary>
    [Alias("Tell"), Orleans.Concurrency.AlwaysInterleave, Orleans.Concurrency.OneWay]
    Task TellAsync(string gatewayId, long connectionId, Guid command, CommandOutcome outcome);
}

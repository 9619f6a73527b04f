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
}

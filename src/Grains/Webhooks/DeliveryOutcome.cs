namespace Capacitor.Grains.Webhooks;

/// <summary>How one attempt ended.</summary>
internal abstract record DeliveryOutcome
{
    /// <summary>The word of <see cref="Delivered"/>.</summary>
    public const string DeliveredWord = "delivered";

    private static readonly Delivered Ok = new(200);
    private static readonly Delivered NoContent = new(204);

    private DeliveryOutcome()
    {
    }

    /// <summary>The word in metrics, logs and the delivery log.</summary>
    public abstract string Word { get; }

    /// <summary>What went wrong, for people; null when nothing did. Says of a network no more than the addresses that the endpoint's name gave.</summary>
    public virtual string? Error => null;

    /// <summary>What an answer's status means.</summary>
    public static DeliveryOutcome Judge(int status) => status switch
    {
        200 => Ok,
        204 => NoContent,
        > 200 and < 300 => new Delivered(status),
        _ => new Rejected(status),
    };

    /// <inheritdoc/>
    public sealed override string ToString() => Error is null ? Word : $"{Word}: {Error}";

    /// <summary>2xx.</summary>
    internal sealed record Delivered(int Status) : DeliveryOutcome
    {
        public override string Word => DeliveredWord;
    }

    /// <summary>Any other status; redirects are not followed.</summary>
    internal sealed record Rejected(int Status) : DeliveryOutcome
    {
        public override string Word => "rejected";

        public override string Error => Status is >= 300 and < 400
            ? $"The endpoint answered {Status}. Redirects are not followed."
            : $"The endpoint answered {Status}.";
    }

    /// <summary>No complete answer in time. <paramref name="Answered"/>: its status and headers had come.</summary>
    internal sealed record TimedOut(bool Answered = false) : DeliveryOutcome
    {
        public static readonly TimedOut Instance = new();

        public override string Word => "timed_out";

        public override string Error => Answered ? "The endpoint began an answer and did not end it in time." : "The endpoint did not answer in time.";
    }

    /// <summary>The name is unknown, has no address, or could not be looked up.</summary>
    internal sealed record DnsFailed(string Cause) : DeliveryOutcome
    {
        public override string Word => "dns_failed";

        public override string Error => Cause;
    }

    /// <summary>No connection: it was refused, or there is no way there.</summary>
    internal sealed record Unreachable(string Cause) : DeliveryOutcome
    {
        public override string Word => "unreachable";

        public override string Error => Cause;
    }

    /// <summary>No connection in time.</summary>
    internal sealed record ConnectTimedOut(string Cause) : DeliveryOutcome
    {
        public override string Word => "connect_timed_out";

        public override string Error => Cause;
    }

    /// <summary>The name leads to an address that webhooks may not reach.</summary>
    internal sealed record BlockedAddress(string Cause) : DeliveryOutcome
    {
        public override string Word => "blocked_address";

        public override string Error => Cause;
    }

    /// <summary>The certificate or the handshake was no good.</summary>
    internal sealed record TlsFailed(string Cause) : DeliveryOutcome
    {
        public override string Word => "tls_failed";

        public override string Error => Cause;
    }

    /// <summary>The connection broke, or what came was not HTTP.</summary>
    internal sealed record BrokenAnswer(string Cause) : DeliveryOutcome
    {
        public override string Word => "broken_answer";

        public override string Error => Cause;
    }

    /// <summary>A fault of ours; logged with its stack.</summary>
    internal sealed record Faulted(string Cause) : DeliveryOutcome
    {
        public override string Word => "faulted";

        public override string Error => "The delivery failed by a fault of this service.";
    }
}

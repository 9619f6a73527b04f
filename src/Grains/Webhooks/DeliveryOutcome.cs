using System.Net.Sockets;
using System.Security.Authentication;

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

    /// <summary>The word in metrics and logs.</summary>
    public abstract string Word { get; }

    /// <summary>What an answer's status means.</summary>
    public static DeliveryOutcome Judge(int status) => status switch
    {
        200 => Ok,
        204 => NoContent,
        > 200 and < 300 => new Delivered(status),
        _ => new Rejected(status),
    };

    /// <summary>What a failure to get an answer means.</summary>
    public static DeliveryOutcome Judge(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case ForbiddenAddressException forbidden:
                    return new BlockedAddress(forbidden.Message);
                case AuthenticationException:
                    return new TlsFailed(cause.Message);
                case SocketException socket:
                    return new Unreachable(socket.SocketErrorCode.ToString());
                default:
                    break;
            }
        }

        return new Unreachable(failure is HttpRequestException { HttpRequestError: var error } ? error.ToString() : failure.GetType().Name);
    }

    /// <summary>2xx.</summary>
    internal sealed record Delivered(int Status) : DeliveryOutcome
    {
        public override string Word => DeliveredWord;
    }

    /// <summary>Any other status; redirects are not followed.</summary>
    internal sealed record Rejected(int Status) : DeliveryOutcome
    {
        public override string Word => "rejected";
    }

    /// <summary>No complete answer in time.</summary>
    internal sealed record TimedOut : DeliveryOutcome
    {
        public static readonly TimedOut Instance = new();

        public override string Word => "timed_out";
    }

    /// <summary>No name, no connection, or one that broke.</summary>
    internal sealed record Unreachable(string Cause) : DeliveryOutcome
    {
        public override string Word => "unreachable";
    }

    /// <summary>The name leads to an address that webhooks may not reach.</summary>
    internal sealed record BlockedAddress(string Cause) : DeliveryOutcome
    {
        public override string Word => "blocked_address";
    }

    /// <summary>The certificate or the handshake was no good.</summary>
    internal sealed record TlsFailed(string Cause) : DeliveryOutcome
    {
        public override string Word => "tls_failed";
    }

    /// <summary>A fault of ours; logged with its stack.</summary>
    internal sealed record Faulted(string Cause) : DeliveryOutcome
    {
        public override string Word => "faulted";
    }
}

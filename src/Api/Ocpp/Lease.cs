using Capacitor.Chargers;

namespace Capacitor.Api.Ocpp;

/// <summary>
/// What this gateway knows of its lease. Its silence is counted from before a renewal was sent, so never as shorter than the cluster counts it.
/// </summary>
internal sealed class Lease(TimeProvider time)
{
    /// <summary>Of the lease: silos that die or hang are taken over well within it, and that is no reason to send everybody away from all Apis.</summary>
    private const double Patience = 0.8;

    /// <summary>Who waits longer gets no answers worth having: chargers give up after half a minute.</summary>
    private static readonly TimeSpan LongestPatience = TimeSpan.FromSeconds(25);

    private volatile Renewal? _last;

    /// <summary>A word for <c>/health/ready</c>; null when all is well.</summary>
    public string? Problem => _last switch
    {
        null => "cluster_unreachable",
        { } last when time.GetElapsedTime(last.AskedAt) >= PatienceOf(last.Terms) => "cluster_unreachable",
        { Terms.JournalIsWritable: false } => "journal_unavailable",
        _ => null,
    };

    /// <summary>
    /// To be told of each renewal, and when it was asked for. True when the one before was so long ago that chargers may have been reported lost meanwhile.
    /// </summary>
    public bool Renew(long askedAt, GatewayTerms terms)
    {
        var mayHaveLapsed = _last is { } last && time.GetElapsedTime(last.AskedAt) >= last.Terms.Length;
        _last = new Renewal(askedAt, terms);
        return mayHaveLapsed;
    }

    private static TimeSpan PatienceOf(GatewayTerms terms) => terms.Length * Patience < LongestPatience ? terms.Length * Patience : LongestPatience;

    private sealed record Renewal(long AskedAt, GatewayTerms Terms);
}

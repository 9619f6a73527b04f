using Capacitor.Events;
using Capacitor.Ocpp.V16;

namespace Capacitor.Grains.Chargers;

/// <summary>What was said to those who wanted to charge.</summary>
internal sealed partial class ChargerState
{
    /// <summary>Notes the answer to an Authorize.</summary>
    public void Authorized(string idTag, string status, DateTimeOffset now) => EmitAuthorization(null, idTag, status, now);

    /// <summary>Notes that the transaction which has just begun should not go on; one that may is told of by its start alone.</summary>
    public void StartRefused(StartReport report, string status, DateTimeOffset now)
    {
        Open[^1].IsConcurrent = status == AuthorizationStatuses.ConcurrentTx;
        EmitAuthorization(report.ConnectorId, report.IdTag, status, now);
    }

    /// <summary>True when it was said of this transaction, as it began, that its tag has too many. A start that is repeated is told so again.</summary>
    public bool WasConcurrent(int transactionId) =>
        Open.Find(open => open.Id == transactionId)?.IsConcurrent ?? Ended.Find(ended => ended.Id == transactionId)?.IsConcurrent ?? false;

    /// <summary>How many open transactions of the tag end when this one begins.</summary>
    public int CountSuperseded(StartReport report) =>
        Open.Count(open => open.ConnectorId == report.ConnectorId && string.Equals(open.IdTag, report.IdTag, StringComparison.OrdinalIgnoreCase));

    private void EmitAuthorization(int? connectorId, string idTag, string status, DateTimeOffset now)
    {
        var type = status == AuthorizationStatuses.Accepted ? EventTypes.AuthorizationAccepted : EventTypes.AuthorizationRejected;
        Emit(type, now, EventBody.Authorization(type, Registered().ChargeBoxId, connectorId, idTag, status, now));
    }
}

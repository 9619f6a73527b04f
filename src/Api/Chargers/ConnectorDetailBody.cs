using System.Text.Json.Serialization;
using Capacitor.Chargers;
using Capacitor.Transactions;

namespace Capacitor.Api.Chargers;

internal sealed record ConnectorListBody(IReadOnlyList<ConnectorDetailBody> Connectors);

/// <summary>A connector as the charger last told of it, and the transaction that is open on it, if there is one.</summary>
internal sealed record ConnectorDetailBody(
    int ConnectorId, string Status, string ErrorCode, DateTimeOffset LastUpdated,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? CurrentTransactionId)
{
    /// <param name="connector">The connector.</param>
    /// <param name="open">The charger's open transactions, newest first.</param>
    public static ConnectorDetailBody Of(Connector connector, IReadOnlyList<Transaction> open) => new(
        connector.ConnectorId, connector.Status, connector.ErrorCode, connector.LastUpdated,
        open.FirstOrDefault(transaction => transaction.ConnectorId == connector.ConnectorId)?.TransactionId);
}

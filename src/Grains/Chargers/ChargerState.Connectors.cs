using Capacitor.Chargers;
using Capacitor.Events;

namespace Capacitor.Grains.Chargers;

internal sealed partial class ChargerState
{
    /// <summary>No charger has as many connectors; one that counts upwards, or downwards from zero, must not grow its state without end.</summary>
    private const int MaxConnectorId = 255;

    /// <summary>
    /// Takes a status, in the order of receipt: a charger's clock is no ground to refuse what it says of itself now. A repeat of the same status is
    /// no news; another error code or text under the same status is. True for news.
    /// </summary>
    public bool Report(StatusReport report, DateTimeOffset now)
    {
        if (report.ConnectorId is < 0 or > MaxConnectorId)
        {
            return false;
        }

        var index = Connectors.FindIndex(connector => connector.ConnectorId == report.ConnectorId);
        var previous = index < 0 ? null : Connectors[index];
        var current = new ConnectorState
        {
            ConnectorId = report.ConnectorId,
            Status = report.Status,
            ErrorCode = report.ErrorCode,
            Info = report.Info,
            VendorErrorCode = report.VendorErrorCode,
            ReceivedAt = now,
        };

        if (index < 0)
        {
            Connectors.Add(current);
        }
        else
        {
            Connectors[index] = current;
        }

        var isNews = previous is null || previous with { ReceivedAt = current.ReceivedAt } != current;
        if (isNews)
        {
            var statusTime = ChargerClock.Resolve(report.Timestamp, now);
            var body = EventBody.StatusChanged(Registered().ChargeBoxId, current, previous?.Status, statusTime, now);
            Emit(EventTypes.ConnectorStatusChanged, now, body);
        }

        JudgeFault(report, now);
        TellStatus(now);
        return isNews;
    }

    public IReadOnlyList<Connector> ListConnectors() =>
    [
        .. Connectors.OrderBy(connector => connector.ConnectorId).Select(connector => new Connector
        {
            ConnectorId = connector.ConnectorId,
            Status = connector.Status,
            ErrorCode = connector.ErrorCode,
            LastUpdated = connector.ReceivedAt,
        }),
    ];
}

using Capacitor.Events;
using Capacitor.Ocpp.V16;

namespace Capacitor.Grains.Chargers;

/// <summary>
/// The status of a charger as a whole. <c>Offline</c> while it is not connected; else what its connector 0 says when that is <c>Faulted</c> or <c>Unavailable</c>;
/// else the first of <c>Faulted</c>, <c>Occupied</c>, <c>Reserved</c>, <c>Available</c>, <c>Unavailable</c> that one of its connectors is in. <c>Occupied</c>, OCPP 2's word, stands for all that
/// happens between a plug that comes and one that goes: how far a session is, connectors tell. Of a charger that has said nothing of itself yet nothing is told.
/// </summary>
internal sealed partial class ChargerState
{
    private const string Offline = "Offline";
    private const string Occupied = "Occupied";

    private static readonly string[] MostTelling =
        [ConnectorStatuses.Faulted, Occupied, ConnectorStatuses.Reserved, ConnectorStatuses.Available, ConnectorStatuses.Unavailable];

    /// <summary>Tells of the charger's status if it is another one than was told last.</summary>
    private void TellStatus(DateTimeOffset now)
    {
        if (FindStatus() is not { } status || status == Told.Status)
        {
            return;
        }

        Emit(EventTypes.ChargerStatusChanged, now, EventBody.ChargerStatusChanged(Registered().ChargeBoxId, status, Told.Status, Connection is not null, now));
        Told = Told with { Status = status };
    }

    private string? FindStatus()
    {
        if (Connectors.Count == 0)
        {
            return null;
        }

        if (Connection is null)
        {
            return Offline;
        }

        var hasConnectors = false;
        var best = MostTelling.Length - 1;
        foreach (var connector in Connectors)
        {
            if (connector is { ConnectorId: 0, Status: ConnectorStatuses.Faulted or ConnectorStatuses.Unavailable })
            {
                return connector.Status;
            }

            if (connector.ConnectorId != 0)
            {
                hasConnectors = true;
                best = Math.Min(best, Array.IndexOf(MostTelling, Coarse(connector.Status)));
            }
        }

        return hasConnectors ? MostTelling[best] : Coarse(Connectors[0].Status);
    }

    // A word that OCPP does not know is taken for something that goes on.
    private static string Coarse(string status) => Array.IndexOf(MostTelling, status) < 0 ? Occupied : status;
}

/// <summary>What was told last of what chargers say again and again; an equal report is no news.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.state.charger.told")]
internal sealed record Told
{
    public static Told Nothing { get; } = new();

    /// <summary>See <see cref="ChargerState"/>; null: nothing was.</summary>
    [Id(0)] public string? Status { get; init; }

    [Id(1)] public ProgressReport? Firmware { get; init; }

    [Id(2)] public ProgressReport? Diagnostics { get; init; }
}

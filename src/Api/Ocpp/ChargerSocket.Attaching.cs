using System.Net.WebSockets;
using Capacitor.Chargers;

namespace Capacitor.Api.Ocpp;

internal sealed partial class ChargerSocket
{
    private const int AttachAttempts = 5;

    private Attachment? _unsettled;

    private async Task TryAttachAsync(string protocol)
    {
        var attachment = new Attachment { GatewayId = edge.GatewayId, Gateway = edge.Gateway, ConnectionId = ConnectionId, Protocol = protocol };
        using var span = CallTrace.Begin(chargeBoxId, connects: true);
        edge.Attaching.Begin(chargeBoxId, ConnectionId);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (Attached(await charger.AttachAsync(attachment)))
                {
                    Log.Connected(edge.Logger, chargeBoxId, ConnectionId, protocol, Epoch);
                }

                return;
            }
            catch (Exception failure)
            {
                Log.AttachFailed(edge.Logger, failure, chargeBoxId, attempt);
            }

            if (attempt < AttachAttempts)
            {
                await BackOffAsync(attempt);
            }

            if (attempt == AttachAttempts || IsClosing || connection.RequestAborted.IsCancellationRequested || !edge.Attaching.IsNewest(chargeBoxId, ConnectionId))
            {
                _unsettled = attachment;
                _silentEnd = true;
                BeginClose(TryAgainLater, "The server cannot take this charger now.");
                return;
            }
        }
    }

    private bool Attached(long? epoch)
    {
        edge.Attaching.End(chargeBoxId, ConnectionId);
        if (epoch is null)
        {
            _silentEnd = true;
            BeginClose(WebSocketCloseStatus.PolicyViolation, "This charger is not registered.");
            return false;
        }

        Epoch = epoch.Value;
        return true;
    }

    /// <summary>
    /// Ends a connection of which nobody knows whether it was ever recorded, lest the charger stay online for ever: records it, perhaps once more, to learn
    /// its epoch. When the charger has dialled again, its newer socket has taken over or will.
    /// </summary>
    private async Task SettleAsync(Attachment attachment)
    {
        for (var attempt = 1; !edge.IsStopping && edge.Attaching.IsNewest(chargeBoxId, ConnectionId); attempt++)
        {
            try
            {
                if (Attached(await charger.AttachAsync(attachment)))
                {
                    await DetachAsync();
                }

                return;
            }
            catch (Exception failure)
            {
                Log.AttachFailed(edge.Logger, failure, chargeBoxId, attempt);
            }

            await BackOffAsync(attempt);
        }
    }

    /// <summary>Tells the grain that the connection has ended, however long that takes; a stopping server's connections are seen to by the next one.</summary>
    private async Task DetachAsync()
    {
        await DrainAsync();
        using var span = CallTrace.Begin(chargeBoxId, connects: false);
        for (var attempt = 1; !edge.IsStopping; attempt++)
        {
            try
            {
                await charger.DetachAsync(Epoch, _reason);
                return;
            }
            catch (Exception failure)
            {
                Log.DetachFailed(edge.Logger, failure, chargeBoxId, attempt);
            }

            await BackOffAsync(attempt);
        }
    }
}

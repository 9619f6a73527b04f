using System.Net.WebSockets;
using Capacitor.Chargers;

namespace Capacitor.Api.Ocpp;

internal sealed partial class ChargerSocket
{
    private bool _isUnsettled;
    private bool _abortsInsteadOfClose;

    private async Task TryAttachAsync(string protocol)
    {
        var attachment = new Attachment { GatewayId = edge.GatewayId, ConnectionId = ConnectionId, Protocol = protocol, SeenEpoch = seenEpoch };
        var began = edge.Time.GetTimestamp();
        using var span = CallTrace.Begin(chargeBoxId, connects: true);
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
                edge.Metrics.Attachment("failed");
                Log.AttachFailed(edge.Logger, failure, chargeBoxId, attempt);
            }

            attachment = attachment with { IsRetry = true };
            if (!HasGivenUp(began))
            {
                await BackOffAsync(attempt);
            }

            if (HasGivenUp(began) || IsClosing || connection.RequestAborted.IsCancellationRequested)
            {
                _isUnsettled = true;
                _silentEnd = true;
                BeginClose(TryAgainLater, "The server cannot take this charger now.");
                return;
            }
        }
    }

    private bool HasGivenUp(long began) => edge.Time.GetElapsedTime(began) >= edge.Options.Patience;

    private bool Attached(AttachOutcome outcome)
    {
        switch (outcome.Verdict)
        {
            case AttachVerdict.Attached:
                Epoch = outcome.Epoch;
                _abortsInsteadOfClose = outcome.AbortInsteadOfClose;
                edge.Metrics.Attachment("attached");
                Commands()?.SendNext();
                return true;
            case AttachVerdict.Superseded:
                edge.Metrics.Attachment("superseded");
                EndBy(SocketEnd.Replaced);
                return false;
            default:
                edge.Metrics.Attachment("unknown");
                _silentEnd = true;
                BeginClose(WebSocketCloseStatus.PolicyViolation, "This charger is not registered.");
                return false;
        }
    }

    /// <summary>Ends a connection of which nobody knows whether it was ever recorded, lest the charger stay online for ever.</summary>
    private Task SettleAsync() => TellAsync(() => charger.AbandonAsync(edge.GatewayId, ConnectionId, _reason));

    private async Task DetachAsync()
    {
        await DrainAsync();
        await TellAsync(() => charger.DetachAsync(Epoch, _reason));
    }

    /// <summary>Tells the grain that the connection has ended, however long that takes; a stopping server's connections are seen to by its lease.</summary>
    private async Task TellAsync(Func<Task> tell)
    {
        using var span = CallTrace.Begin(chargeBoxId, connects: false);
        for (var attempt = 1; !edge.IsStopping; attempt++)
        {
            try
            {
                await tell();
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

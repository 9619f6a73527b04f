using Capacitor.Chargers;

namespace Capacitor.Api.Ocpp;

internal sealed partial class ChargerSocket
{
    /// <summary>Tells the charger's grain that a command has gone out.</summary>
    public void TellSent(Guid command, DateTimeOffset at) => charger.CommandSentAsync(command, at).Ignore();

    /// <summary>Tells the charger's grain how a command ended, now that nobody waits for it any more.</summary>
    public void TellEnd(CommandEnd end) => _ = TellEndAsync(end);

    private async Task TellEndAsync(CommandEnd end)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await charger.EndCommandAsync(end);
                return;
            }
            catch (Exception failure)
            {
                if (attempt == AttemptsAfterMistake || Volatile.Read(ref _ended))
                {
                    Log.EndNotTold(edge.Logger, failure, chargeBoxId);
                    return;
                }
            }

            await BackOffAsync(attempt);
        }
    }
}

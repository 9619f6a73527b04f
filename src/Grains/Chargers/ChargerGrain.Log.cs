using Microsoft.Extensions.Logging;

namespace Capacitor.Grains.Chargers;

internal sealed partial class ChargerGrain
{
    private static partial class Log
    {
        [LoggerMessage(1001, LogLevel.Warning, "{Charger}: a change could not be committed; its state is read again")]
        public static partial void NotCommitted(ILogger logger, string charger, Exception exception);

        [LoggerMessage(1002, LogLevel.Warning, "{Charger}: its state could not be read again; the charger is given up here")]
        public static partial void NotReloaded(ILogger logger, string charger, Exception exception);

        [LoggerMessage(1003, LogLevel.Information, "{Charger}: a command got no answer from the gateway {Gateway} ({Failure})")]
        public static partial void GatewayGone(ILogger logger, string charger, string gateway, string failure);

        [LoggerMessage(1004, LogLevel.Warning, "{Charger}: which remote starts it was asked for could not be kept; a transaction that one causes will not be told as such")]
        public static partial void RemoteStartsLost(ILogger logger, string charger, Exception exception);
    }
}

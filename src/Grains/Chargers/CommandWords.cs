using Capacitor.Chargers;

namespace Capacitor.Grains.Chargers;

/// <summary>The status of a command as events and lists spell it.</summary>
internal static class CommandWords
{
    public static string Of(CommandStatus status) => status switch
    {
        CommandStatus.Queued => "queued",
        CommandStatus.Sent => "sent",
        CommandStatus.Accepted => "accepted",
        CommandStatus.Rejected => "rejected",
        CommandStatus.Timeout => "timeout",
        CommandStatus.Late => "late",
        _ => "failed",
    };
}

using Capacitor.Chargers;
using Capacitor.Ocpp.V16;

namespace Capacitor.Api.Commands;

/// <summary>A command that has ended, and what its answer means.</summary>
internal sealed class EndedCommand
{
    public EndedCommand(Guid id, CommandOutcome outcome, string action)
    {
        Id = CommandIds.Of(id);
        Outcome = outcome;
        if (outcome is not CommandOutcome.Answered answered)
        {
            return;
        }

        if (Ocpp16Commands.Find(action) is { } known)
        {
            var answer = known.ReadAnswer(answered.Payload);
            (Answer, OcppStatus, Succeeded) = (answer.Payload, answer.Status, answer.IsSuccess);
        }
        else
        {
            (Answer, Succeeded) = (answered.Payload, true);
        }
    }

    /// <summary><c>cmd_…</c></summary>
    public string Id { get; }

    public CommandOutcome Outcome { get; }

    /// <summary>The charger's answer in JSON; null when it gave none.</summary>
    public ReadOnlyMemory<byte>? Answer { get; }

    public string? OcppStatus { get; }

    public bool Succeeded { get; }
}

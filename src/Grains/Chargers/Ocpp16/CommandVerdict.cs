using System.Text;
using Capacitor.Chargers;
using Capacitor.Ocpp.V16;

namespace Capacitor.Grains.Chargers.Ocpp16;

/// <summary>What the end of a command means. <paramref name="Answer"/> is the charger's, in JSON; null when there was none.</summary>
internal readonly record struct CommandVerdict(CommandStatus Status, bool Succeeded, ReadOnlyMemory<byte>? Answer = null, string? OcppStatus = null)
{
    public string? ErrorCode { get; private init; }

    public string? ErrorDescription { get; private init; }

    public string? Reason { get; private init; }

    /// <summary>False when the charger may still do what it was asked to.</summary>
    public bool IsFinal => Status is not (CommandStatus.Timeout or CommandStatus.Failed) || Reason is CommandReasons.NotConnected or CommandReasons.QueueFull;

    /// <summary>Why it did not succeed, in one word.</summary>
    public string Why => Reason ?? (ErrorCode is not null ? CommandReasons.Error : OcppStatus is not null ? CommandReasons.Rejected : CommandReasons.Timeout);

    public static CommandVerdict Of(string action, CommandOutcome outcome) => outcome switch
    {
        CommandOutcome.Answered answered => Of(action, answered.Payload),
        CommandOutcome.Refused refused => new(CommandStatus.Rejected, false) { ErrorCode = refused.Code, ErrorDescription = refused.Description },
        CommandOutcome.TimedOut => new(CommandStatus.Timeout, false),
        CommandOutcome.Disconnected => new(CommandStatus.Failed, false) { Reason = CommandReasons.Disconnected },
        CommandOutcome.QueueFull => new(CommandStatus.Failed, false) { Reason = CommandReasons.QueueFull },
        _ => new(CommandStatus.Failed, false) { Reason = CommandReasons.NotConnected },
    };

    /// <summary>The record as it is kept.</summary>
    public CommandRecord Apply(CommandRecord record, bool isLate, DateTimeOffset now) => record with
    {
        Status = isLate ? CommandStatus.Late : Status,
        Response = Answer is { } answer ? Ocpp16Secrets.Redact(record.Action, answer).ToArray() : null,
        OcppStatus = OcppStatus,
        ErrorCode = ErrorCode,
        ErrorDescription = ErrorDescription is { } description ? WithoutSecrets(record, description) : null,
        Reason = Reason,
        CompletedAt = now,
    };

    // A charger that refuses a secret may repeat it.
    private static string WithoutSecrets(CommandRecord record, string description) =>
        !Ocpp16Secrets.MayHold(record.Action) ? description
        : record.Request.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Ocpp16Secrets.Redacted)) >= 0 ? Ocpp16Secrets.Redacted
        : Ocpp16Secrets.RedactUrl(description);

    private static CommandVerdict Of(string action, ReadOnlyMemory<byte> payload)
    {
        if (Ocpp16Commands.Find(action) is not { } command)
        {
            return new(CommandStatus.Accepted, true, payload); // a vendor's own: what its answer means is for the caller to say
        }

        var answer = command.ReadAnswer(payload);
        return new(answer.IsSuccess ? CommandStatus.Accepted : CommandStatus.Rejected, answer.IsSuccess, answer.Payload, answer.Status);
    }
}

/// <summary>Why commands fail that are not answered; part of events and lists.</summary>
internal static class CommandReasons
{
    public const string NotConnected = "not_connected";
    public const string Disconnected = "disconnected";
    public const string QueueFull = "queue_full";
    public const string Timeout = "timeout";
    public const string Rejected = "rejected";
    public const string Error = "error";
    public const string ChargerDeleted = "charger_deleted";

    /// <summary>The charger took a remote start, and no transaction came of it.</summary>
    public const string NoTransaction = "no_transaction";
}

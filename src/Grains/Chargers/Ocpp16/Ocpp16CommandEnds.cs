using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Ocpp.V16;
using Capacitor.Records;

namespace Capacitor.Grains.Chargers.Ocpp16;

/// <summary>What comes of a command that has ended: its history, its events, and what the charger holds from then on.</summary>
internal sealed class Ocpp16CommandEnds(ChargerRows rows, IJournalReader journal)
{
    private const int ProfilesAtOnce = 200;

    private const int MaxRequestInState = 8 * 1024;

    // The caller knows sooner: it is the last resort.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    /// <summary>Begins the history of a command.</summary>
    public void Begin(ChargerState state, Command command, DateTimeOffset now)
    {
        var pending = new PendingCommand
        {
            Id = command.Id,
            Deadline = now + command.Timeout + Margin,
            PasswordHash = NewPassword(command) is { } password ? ChargerPassword.Hash(password) : null,
            Record = new CommandRecord
            {
                Id = CommandIds.Of(command.Id),
                Tenant = state.Registered().Tenant,
                ChargeBoxId = state.Registered().ChargeBoxId,
                Action = command.Action,
                Request = Ocpp16Secrets.Redact(command.Action, command.Payload).ToArray(),
                Status = CommandStatus.Queued,
                CreatedAt = now,
            },
        };
        state.Outbox.Records.Add(rows.Save(pending.Record));

        // The state is stored with every message of the charger: a whole local list has no place in it.
        state.Commands.Add(pending.Record.Request.Length <= MaxRequestInState ? pending : pending with { Record = pending.Record with { Request = [] } });
    }

    /// <summary>Ends a command that is pending.</summary>
    public async ValueTask EndAsync(ChargerState state, PendingCommand pending, CommandEnd end, RemoteStarts? remoteStarts, DateTimeOffset now)
    {
        state.Commands.RemoveAll(command => command.Id == pending.Id);
        var verdict = CommandVerdict.Of(pending.Record.Action, end.Outcome);
        var whole = await WholeAsync(pending.Record);
        var record = verdict.Apply(whole with { SentAt = end.SentAt ?? whole.SentAt }, end.IsLate, now);
        await ConcludeAsync(state, record, verdict, pending, remoteStarts, now);
    }

    /// <summary>The command as it is kept, when it ended without an answer in time; else null.</summary>
    public async ValueTask<CommandRecord?> FindTimedOutAsync(ChargerState state, Guid command)
    {
        var row = await journal.FindRecordAsync(new RecordKey(state.Registered().Tenant, RecordKinds.Command, CommandIds.Of(command)));
        return row is not null && rows.Read<CommandRecord>(row) is { Status: CommandStatus.Timeout } found && found.ChargeBoxId == state.Registered().ChargeBoxId ? found : null;
    }

    /// <summary>Mends the history of a command whose answer came when its time was over.</summary>
    public async ValueTask EndLateAsync(ChargerState state, CommandEnd end, RemoteStarts? remoteStarts, DateTimeOffset now)
    {
        if (await FindTimedOutAsync(state, end.Command) is { } before)
        {
            var verdict = CommandVerdict.Of(before.Action, end.Outcome);
            await ConcludeAsync(state, verdict.Apply(before with { SentAt = end.SentAt ?? before.SentAt }, isLate: true, now), verdict, null, remoteStarts, now);
        }
    }

    /// <summary>Links a remote start to the transaction that it caused.</summary>
    public void Link(ChargerState state, RemoteStart start, int transactionId, DateTimeOffset now)
    {
        var pending = state.FindCommand(start.Command);
        if (pending is not null)
        {
            state.Replace(pending with { Record = pending.Record with { TransactionId = transactionId } });
        }
        else if (start.Record is { } ended)
        {
            state.Outbox.Records.Add(rows.Save(ended with { TransactionId = transactionId }));
        }

        // The profile that went along is in force from now on.
        if ((pending?.Record ?? start.Record) is { } record && Read<RemoteStartTransactionRequest>(record) is { ChargingProfile: { ChargingProfileId: not null } given } request)
        {
            var profile = ProfileOf(record, request.ConnectorId ?? 0, given, now) with { TransactionId = transactionId };
            state.ProfileApplied(profile, given, now);
            state.Outbox.Records.Add(rows.Save(profile));
        }
    }

    /// <summary>Ends the reservation that a transaction uses.</summary>
    public void Use(ChargerState state, Reservation reservation, int transactionId, DateTimeOffset now) =>
        state.Outbox.Records.Add(rows.Save(state.EndReservation(reservation, ReservationStates.Used, now, transactionId)));

    /// <summary>Ends what nobody told the end of by now.</summary>
    public async ValueTask EndOverdueAsync(ChargerState state, RemoteStarts? remoteStarts, DateTimeOffset now)
    {
        foreach (var pending in state.Commands.Where(command => command.Deadline <= now).ToArray())
        {
            await EndAsync(state, pending, new CommandEnd { Command = pending.Id, Outcome = new CommandOutcome.TimedOut() }, remoteStarts, now);
        }

        foreach (var reservation in state.Reservations.Where(reservation => reservation.ExpiresAt <= now).ToArray())
        {
            state.Outbox.Records.Add(rows.Save(state.EndReservation(reservation, ReservationStates.Expired, now)));
        }

        foreach (var start in remoteStarts?.TakeOverdue(now) ?? [])
        {
            state.StartFailed(CommandIds.Of(start.Command), start.ConnectorId, start.IdTag, CommandReasons.NoTransaction, now);
        }
    }

    /// <summary>Ends all that a charger holds which is deleted.</summary>
    public async ValueTask EndAllAsync(ChargerState state, RemoteStarts? remoteStarts, DateTimeOffset now)
    {
        foreach (var pending in state.Commands.ToArray())
        {
            state.Commands.Remove(pending);
            var record = await WholeAsync(pending.Record) with { Status = CommandStatus.Failed, Reason = CommandReasons.ChargerDeleted, CompletedAt = now };
            state.Outbox.Records.Add(rows.Save(record));
            state.CommandEnded(record, succeeded: false, now);
        }

        foreach (var reservation in state.Reservations.ToArray())
        {
            state.Outbox.Records.Add(rows.Save(state.EndReservation(reservation, ReservationStates.Cancelled, now, reason: CommandReasons.ChargerDeleted)));
        }

        foreach (var start in remoteStarts?.TakeOverdue(DateTimeOffset.MaxValue) ?? [])
        {
            state.StartFailed(CommandIds.Of(start.Command), start.ConnectorId, start.IdTag, CommandReasons.ChargerDeleted, now);
        }

        foreach (var profile in await ListProfilesAsync(state))
        {
            state.Outbox.Records.Add(RecordChange.Remove(ChargerRows.KeyOf(profile)));
        }
    }

    private async ValueTask<CommandRecord> WholeAsync(CommandRecord pending) =>
        pending.Request.Length == 0 && await journal.FindRecordAsync(new RecordKey(pending.Tenant, RecordKinds.Command, pending.Id)) is { } row
            ? pending with { Request = rows.Read<CommandRecord>(row).Request }
            : pending;

    private async ValueTask ConcludeAsync(
        ChargerState state, CommandRecord record, CommandVerdict verdict, PendingCommand? pending, RemoteStarts? remoteStarts, DateTimeOffset now)
    {
        state.Outbox.Records.Add(rows.Save(record));
        state.CommandEnded(record, verdict.Succeeded, now);
        switch (record.Action)
        {
            case Ocpp16Actions.RemoteStartTransaction:
                StartEnded(state, record, verdict, remoteStarts, now);
                break;
            case Ocpp16Actions.RemoteStopTransaction when !verdict.Succeeded && verdict.IsFinal && Read<RemoteStopTransactionRequest>(record) is { } stop:
                state.StopFailed(record.Id, stop.TransactionId, verdict.Why, now);
                break;
            case Ocpp16Actions.ReserveNow when verdict.Answer is not null:
                await ReserveEndedAsync(state, record, verdict, now);
                break;
            case Ocpp16Actions.CancelReservation when verdict.Succeeded:
                await CancelledAsync(state, record, now);
                break;
            case Ocpp16Actions.SetChargingProfile when verdict.Answer is not null:
                await ProfileEndedAsync(state, record, verdict, now);
                break;
            case Ocpp16Actions.ClearChargingProfile when verdict.Answer is not null: // Unknown says, too, that it holds none that match
                await ClearedAsync(state, record, now);
                break;
            case Ocpp16Actions.ChangeConfiguration when pending?.PasswordHash is { } hash:
                state.PasswordEnded(hash, verdict);
                break;
        }
    }

    private static void StartEnded(ChargerState state, CommandRecord record, CommandVerdict verdict, RemoteStarts? remoteStarts, DateTimeOffset now)
    {
        if (!CommandIds.TryParse(record.Id, out var command))
        {
            return;
        }

        if (verdict.Succeeded || !verdict.IsFinal)
        {
            remoteStarts?.Keep(command, record);
            return;
        }

        if (remoteStarts?.Forget(command) == true && record.TransactionId is null && Read<RemoteStartTransactionRequest>(record) is { } start)
        {
            state.StartFailed(record.Id, start.ConnectorId, start.IdTag, verdict.Why, now);
        }
    }

    private async ValueTask CancelledAsync(ChargerState state, CommandRecord record, DateTimeOffset now)
    {
        if (Read<CancelReservationRequest>(record)?.ReservationId is { } id && (state.FindReservation(id) ?? await FindReservationAsync(state, id)) is { } found)
        {
            state.Outbox.Records.Add(rows.Save(state.EndReservation(found, ReservationStates.Cancelled, now, reason: "requested")));
        }
    }

    // What an older version that wrote the charger's state has lost of it.
    private async ValueTask<Reservation?> FindReservationAsync(ChargerState state, int reservationId)
    {
        var row = await journal.FindRecordAsync(ChargerRows.KeyOf(state.Registered().Tenant, reservationId));
        return row is not null && rows.Read<Reservation>(row) is { Status: ReservationStates.Active } found && found.ChargeBoxId == state.Registered().ChargeBoxId ? found : null;
    }

    private async ValueTask ReserveEndedAsync(ChargerState state, CommandRecord record, CommandVerdict verdict, DateTimeOffset now)
    {
        if (Read<ReserveNowRequest>(record) is not { } request)
        {
            return;
        }

        var reservation = new Reservation
        {
            ReservationId = request.ReservationId,
            Tenant = record.Tenant,
            ChargeBoxId = record.ChargeBoxId,
            ConnectorId = request.ConnectorId,
            IdTag = request.IdTag,
            ParentIdTag = request.ParentIdTag,
            ExpiresAt = request.ExpiryDate,
            Status = ReservationStates.Active,
            CreatedAt = record.CreatedAt,
        };
        if (!verdict.Succeeded)
        {
            state.RefuseReservation(reservation, verdict.OcppStatus ?? "", now);
            return;
        }

        // Whoever calls the action directly chooses the number, and may choose that of another charger's.
        var row = await journal.FindRecordAsync(ChargerRows.KeyOf(record.Tenant, reservation.ReservationId));
        state.Reserve(reservation, now);
        if (row is null || rows.Read<Reservation>(row).ChargeBoxId == record.ChargeBoxId)
        {
            state.Outbox.Records.Add(rows.Save(reservation));
        }
    }

    private async ValueTask ProfileEndedAsync(ChargerState state, CommandRecord record, CommandVerdict verdict, DateTimeOffset now)
    {
        if (Read<SetChargingProfileRequest>(record) is not { CsChargingProfiles: { ChargingProfileId: { } id } given } request)
        {
            return;
        }

        var profile = ProfileOf(record, request.ConnectorId, given, now);
        if (!verdict.Succeeded)
        {
            state.ProfileRejected(profile, verdict.OcppStatus ?? "", now);
            return;
        }

        // OCPP 1.6 §5.16.4: one of the same id, or of the same purpose and level at the connector, is replaced.
        foreach (var before in await ListProfilesAsync(state))
        {
            if (before.ChargingProfileId == id
                || (before.ConnectorId == profile.ConnectorId && before.Purpose == profile.Purpose && before.StackLevel == profile.StackLevel
                    && before.TransactionId == profile.TransactionId))
            {
                state.Forget(before);
                state.Outbox.Records.Add(RecordChange.Remove(ChargerRows.KeyOf(before)));
            }
        }

        state.ProfileApplied(profile, given, now);
        state.Outbox.Records.Add(rows.Save(profile));
    }

    private async ValueTask ClearedAsync(ChargerState state, CommandRecord record, DateTimeOffset now)
    {
        var request = Read<ClearChargingProfileRequest>(record) ?? new();
        foreach (var profile in await ListProfilesAsync(state))
        {
            if (request.Id is { } id
                ? profile.ChargingProfileId == id
                : (request.ConnectorId is null || request.ConnectorId == profile.ConnectorId)
                    && (request.ChargingProfilePurpose is null || request.ChargingProfilePurpose == profile.Purpose)
                    && (request.StackLevel is null || request.StackLevel == profile.StackLevel))
            {
                state.Outbox.Records.Add(RecordChange.Remove(ChargerRows.KeyOf(profile)));
                state.ProfileCleared(profile, now);
            }
        }
    }

    private static InstalledProfile ProfileOf(CommandRecord record, int connectorId, ChargingProfile given, DateTimeOffset now) => new()
    {
        Tenant = record.Tenant,
        ChargeBoxId = record.ChargeBoxId,
        ConnectorId = connectorId,
        ChargingProfileId = given.ChargingProfileId ?? 0,
        Purpose = given.ChargingProfilePurpose ?? "",
        StackLevel = given.StackLevel ?? 0,
        TransactionId = given.TransactionId,
        Profile = Ocpp16Writer.Serialize(given),
        AppliedAt = now,
    };

    private async ValueTask<IReadOnlyList<InstalledProfile>> ListProfilesAsync(ChargerState state)
    {
        var registration = state.Registered();
        var filter = new RecordFilter { Kind = RecordKinds.ChargingProfile, Charger = registration.ChargeBoxId };
        List<InstalledProfile> profiles = [];
        while (true)
        {
            var page = await journal.ListRecordsAsync(registration.Tenant, filter, ProfilesAtOnce, profiles.Count);
            profiles.AddRange(page.Items.Select(rows.Read<InstalledProfile>));
            if (page.Items.Count < ProfilesAtOnce)
            {
                return profiles;
            }
        }
    }

    private static string? NewPassword(Command command) =>
        command.Action == Ocpp16Actions.ChangeConfiguration && Ocpp16Reader.Read<ChangeConfigurationRequest>(command.Payload).Value is { } change
            && string.Equals(change.Key, "AuthorizationKey", StringComparison.OrdinalIgnoreCase)
            ? change.Value
            : null;

    private static T? Read<T>(CommandRecord record)
        where T : class, Capacitor.Ocpp.Payloads.IPayload<T> => Ocpp16Reader.Read<T>(record.Request).Value;
}

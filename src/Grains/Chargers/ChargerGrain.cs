using System.Security.Cryptography;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Grains.Chargers.Ocpp16;
using Capacitor.Tenants;
using Capacitor.Transactions;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Capacitor.Grains.Chargers;

/// <summary>One charger: decides, commits, answers, in that order.</summary>
[GrainType("charger")]
internal sealed partial class ChargerGrain(
    [PersistentState("charger", EventStream.Provider)] IPersistentState<ChargerState> charger,
    Ocpp16Calls calls,
    TimeProvider time,
    ILogger<ChargerGrain> logger) : Grain, IChargerGrain
{
    private RemoteStarts? _remoteStarts;
    private Attachment? _attachment;
    private byte[]? _admitted;

    private ChargerState State => charger.State;

    public async Task<Charger> RegisterAsync(TenantId tenant, NewCharger charger)
    {
        if (State.Registration is not null)
        {
            throw new RefusedException(RefusalKind.Conflict, $"A charger '{charger.ChargeBoxId}' is already registered.", "chargeBoxId");
        }

        State.Register(tenant, charger, time.GetUtcNow());
        await SaveAsync();
        return State.ToCharger();
    }

    public async Task<bool> RemoveAsync(TenantId tenant)
    {
        if (!State.IsOf(tenant))
        {
            return false;
        }

        State.Remove(time.GetUtcNow());
        await SaveAsync();
        Release(SocketEnd.Removed);
        return true;
    }

    public Task<ChargerDetail?> FindAsync(TenantId tenant) => Task.FromResult(State.IsOf(tenant)
        ? new ChargerDetail { Charger = State.ToCharger(), Connectors = State.ListConnectors() }
        : null);

    public async Task<Charger?> ChangeAsync(TenantId tenant, ChargerPatch patch)
    {
        if (!State.IsOf(tenant))
        {
            return null;
        }

        State.Change(patch);
        _admitted = null;
        await SaveAsync();
        return State.ToCharger();
    }

    public Task<Admission> AdmitAsync(Credentials credentials)
    {
        if (State.Registration is not { } registration)
        {
            DeactivateOnIdle();
            return Task.FromResult(new Admission { Verdict = AdmissionVerdict.Unknown });
        }

        return Task.FromResult(new Admission
        {
            Verdict = Knows(registration, credentials.Basic) ? AdmissionVerdict.Admitted : AdmissionVerdict.Unauthorized,
            ChargeBoxId = registration.ChargeBoxId,
            AssumeProtocol = registration.AssumeProtocol,
        });
    }

    public async Task<long?> AttachAsync(Attachment attachment)
    {
        if (State.Registration is null)
        {
            return null;
        }

        var before = _attachment;
        var epoch = State.Attach(attachment.GatewayId, time.GetUtcNow());
        await SaveAsync();
        _attachment = attachment;
        before?.Gateway.CloseAsync(before.ConnectionId, SocketEnd.Replaced).Ignore();
        DelayDeactivation(Timeout.InfiniteTimeSpan);
        return epoch;
    }

    public async Task<ChargerAnswer> ReceiveAsync(ChargerCall call)
    {
        if (!State.IsCurrent(call.Epoch))
        {
            return ChargerAnswer.Stale;
        }

        try
        {
            var answer = await calls.HandleAsync(State, call, time.GetUtcNow(), _remoteStarts);
            if (State.HasChanges)
            {
                await charger.WriteStateAsync();
            }

            return answer;
        }
        catch (Exception exception)
        {
            await ReloadAsync(exception);
            throw;
        }
    }

    public async Task DetachAsync(long epoch, DisconnectReason reason)
    {
        if (!State.IsCurrent(epoch))
        {
            return;
        }

        State.Detach(reason, time.GetUtcNow());
        await SaveAsync();
        _attachment = null;
        DelayDeactivation(TimeSpan.Zero);
    }

    public async Task<CommandOutcome> SendAsync(TenantId tenant, Command command)
    {
        if (!State.IsOf(tenant))
        {
            return new CommandOutcome.UnknownCharger();
        }

        if (_attachment is not { } attachment)
        {
            return new CommandOutcome.NotConnected();
        }

        var asked = RemoteStartCommand.Read(command);
        if (asked is { } start)
        {
            (_remoteStarts ??= new RemoteStarts(time)).Ask(start.ConnectorId, start.IdTag);
        }

        var outcome = await attachment.Gateway.CallAsync(attachment.ConnectionId, command);
        if (asked is { } refused && !RemoteStartCommand.MayStart(outcome))
        {
            _remoteStarts?.Forget(refused.ConnectorId, refused.IdTag);
        }

        return outcome;
    }

    public Task<Transaction?> FindOpenTransactionAsync(TenantId tenant, int transactionId) =>
        Task.FromResult(State.IsOf(tenant) ? State.FindOpenRow(transactionId) : null);

    private bool Knows(Registration registration, byte[]? basic)
    {
        if (registration.PasswordHash is not { } hash)
        {
            return true;
        }

        if (basic is null)
        {
            return false;
        }

        // The stored hash is slow on purpose; a thousand chargers that come back at once present what they presented before.
        var presented = SHA256.HashData(basic);
        if (_admitted is { } before && CryptographicOperations.FixedTimeEquals(before, presented))
        {
            return true;
        }

        if (ChargerPassword.Presented(basic, registration.ChargeBoxId.Value) is { } password && ChargerPassword.Matches(hash, password))
        {
            _admitted = presented;
            return true;
        }

        return false;
    }

    private void Release(SocketEnd end)
    {
        _attachment?.Gateway.CloseAsync(_attachment.ConnectionId, end).Ignore();
        _attachment = null;
        _admitted = null;
        DelayDeactivation(TimeSpan.Zero);
    }

    private async Task SaveAsync()
    {
        try
        {
            await charger.WriteStateAsync();
        }
        catch (Exception exception)
        {
            await ReloadAsync(exception);
            throw;
        }
    }

    // Memory must not run ahead of storage. Reading again, rather than deactivating, keeps the way to the socket.
    private async Task ReloadAsync(Exception cause)
    {
        Log.NotCommitted(logger, this.GetPrimaryKeyString(), cause);
        try
        {
            await charger.ReadStateAsync();
        }
        catch (Exception exception)
        {
            Log.NotReloaded(logger, this.GetPrimaryKeyString(), exception);
            DeactivateOnIdle();
        }
    }
}

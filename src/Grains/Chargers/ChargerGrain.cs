using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Grains.Chargers.Ocpp16;
using Capacitor.Tenants;
using Capacitor.Transactions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using Orleans.Storage;

namespace Capacitor.Grains.Chargers;

/// <summary>One charger: decides, commits, answers, in that order.</summary>
[GrainType("charger")]
internal sealed partial class ChargerGrain(
    [PersistentState("charger", EventStream.Provider)] IPersistentState<ChargerState> charger,
    Ocpp16Calls calls,
    Ocpp16CommandEnds commandEnds,
    ChargerQuirks quirks,
    IOptions<ChargerOptions> options,
    TimeProvider time,
    ILogger<ChargerGrain> logger) : Grain, IChargerGrain
{
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

        var connection = State.Connection;
        var now = time.GetUtcNow();
        await CommitAsync(async () =>
        {
            await commandEnds.EndAllAsync(State, _remoteStarts, now);
            State.Remove(now);
            _remoteStarts = null;
        });
        _admitted = null;
        _rejections = null;
        if (connection is not null)
        {
            Close(connection, SocketEnd.Removed);
        }

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

        await CheckProfileAsync(State.Registered(), patch);
        State.Change(patch);
        _admitted = null;
        await SaveAsync();
        return State.ToCharger();
    }

    public async Task<AttachOutcome> AttachAsync(Attachment attachment)
    {
        if (State.Registration is null)
        {
            return new AttachOutcome { Verdict = AttachVerdict.Unknown };
        }

        var before = State.Connection;
        if (attachment.IsRetry && before?.Is(attachment.GatewayId, attachment.ConnectionId) == true)
        {
            return Attached();
        }

        if (attachment.IsRetry && State.Epoch != attachment.SeenEpoch)
        {
            return new AttachOutcome { Verdict = AttachVerdict.Superseded };
        }

        State.Attach(attachment.GatewayId, attachment.ConnectionId, time.GetUtcNow());
        await SaveAsync();
        if (before is not null)
        {
            Close(before, SocketEnd.Replaced);
        }

        return Attached();
    }

    public async Task<ChargerAnswer> ReceiveAsync(ChargerCall call)
    {
        if (State.FindEnd(call.Epoch) is { } end)
        {
            return ChargerAnswer.Stale with { End = end };
        }

        if (State.Recall(call.Number) is { } before)
        {
            return before;
        }

        try
        {
            var now = time.GetUtcNow();
            State.Hear(now);
            var answer = await calls.HandleAsync(State, call, now, _remoteStarts);
            if (State.HasChanges)
            {
                State.Remember(call.Number, answer);
                await WriteAsync();
            }

            _remoteStarts?.Settle();
            return answer;
        }
        catch (Exception exception)
        {
            await ReloadAsync(exception);
            if (State.Recall(call.Number) is null)
            {
                _remoteStarts?.PutBack();
            }
            else
            {
                _remoteStarts?.Settle(); // it became durable all the same
            }

            throw;
        }
    }

    public Task DetachAsync(long epoch, DisconnectReason reason) => State.IsCurrent(epoch) ? EndAsync(reason) : Task.CompletedTask;

    public Task AbandonAsync(string gatewayId, long connectionId, DisconnectReason reason) =>
        State.Connection?.Is(gatewayId, connectionId) == true ? EndAsync(reason) : Task.CompletedTask;

    public Task<Transaction?> FindOpenTransactionAsync(TenantId tenant, int transactionId) =>
        Task.FromResult(State.IsOf(tenant) ? State.FindOpenRow(transactionId) : null);

    public Task<SocketEnd?> FindEndAsync(long epoch) => Task.FromResult(State.FindEnd(epoch));

    private AttachOutcome Attached() => new()
    {
        Verdict = AttachVerdict.Attached,
        Epoch = State.Epoch,
        AbortInsteadOfClose = quirks.NeverRedials(State.Boot),
    };

    private Task EndAsync(DisconnectReason reason)
    {
        State.Detach(reason, time.GetUtcNow());
        return SaveAsync();
    }

    private void Close(Connection connection, SocketEnd end) => GatewayOf(connection).CloseAsync(connection.ConnectionId, end).Ignore();

    private IGateway GatewayOf(Connection connection) => GrainFactory.GetGrain<IGateway>(GrainId.Parse(connection.GatewayId));

    private Task SaveAsync() => CommitAsync(static () => ValueTask.CompletedTask);

    /// <summary>Changes the state and saves it. Of a change that fails half way nothing is left, as of one that cannot be saved.</summary>
    private async Task CommitAsync(Func<ValueTask> change, DateTimeOffset lookNotBefore = default)
    {
        try
        {
            await change();
            await WriteAsync(lookNotBefore);
        }
        catch (Exception exception)
        {
            await ReloadAsync(exception);
            throw;
        }
    }

    private Task WriteAsync(DateTimeOffset lookNotBefore = default)
    {
        State.RemoteStarts = _remoteStarts?.Asked;
        State.Schedule(options.Value, lookNotBefore);
        State.AnomaliesStored(); // when that fails, the state is read again
        return charger.WriteStateAsync();
    }

    // Memory must not run ahead of storage. Who lost against another activation of this charger makes room for it.
    private async Task ReloadAsync(Exception cause)
    {
        Log.NotCommitted(logger, this.GetPrimaryKeyString(), cause);
        if (cause is InconsistentStateException)
        {
            DeactivateOnIdle();
            return;
        }

        try
        {
            await charger.ReadStateAsync();
            RestoreRemoteStarts();
        }
        catch (Exception exception)
        {
            Log.NotReloaded(logger, this.GetPrimaryKeyString(), exception);
            DeactivateOnIdle();
        }
    }
}

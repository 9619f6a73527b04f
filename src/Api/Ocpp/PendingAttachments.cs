using System.Collections.Concurrent;
using Capacitor.Chargers;

namespace Capacitor.Api.Ocpp;

/// <summary>
/// The newest socket of each charger whose attachment is under way or has an unknown outcome. Only the newest may try again: a late attempt of an
/// older one would take the charger away from it.
/// </summary>
internal sealed class PendingAttachments
{
    private readonly ConcurrentDictionary<ChargeBoxId, long> _newest = new();

    public void Begin(ChargeBoxId charger, long connectionId) =>
        _newest.AddOrUpdate(charger, static (_, mine) => mine, static (_, other, mine) => Math.Max(other, mine), connectionId);

    /// <summary>False when a newer socket has begun, whether it is attached by now or not.</summary>
    public bool IsNewest(ChargeBoxId charger, long connectionId) => _newest.TryGetValue(charger, out var newest) && newest == connectionId;

    /// <summary>The outcome is known.</summary>
    public void End(ChargeBoxId charger, long connectionId) => _newest.TryRemove(new KeyValuePair<ChargeBoxId, long>(charger, connectionId));
}

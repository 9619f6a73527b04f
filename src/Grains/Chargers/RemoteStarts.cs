namespace Capacitor.Grains.Chargers;

/// <summary>Remote starts that a charger was asked for, until the transaction they cause begins. Kept in memory: they only label it.</summary>
internal sealed class RemoteStarts(TimeProvider time)
{
    // The charger's own ConnectionTimeOut is not known here; this is longer than any in use.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private List<(int? ConnectorId, string IdTag, DateTimeOffset At)>? _asked;

    public void Ask(int? connectorId, string idTag) => (_asked ??= []).Add((connectorId, idTag, time.GetUtcNow()));

    public void Forget(int? connectorId, string idTag) => _asked?.RemoveAll(asked => asked.ConnectorId == connectorId && asked.IdTag == idTag);

    /// <summary>True when the transaction that begins was asked for.</summary>
    public bool Take(StartReport report)
    {
        if (_asked is null)
        {
            return false;
        }

        var oldest = time.GetUtcNow() - Patience;
        _asked.RemoveAll(asked => asked.At < oldest);
        var index = _asked.FindIndex(asked => (asked.ConnectorId is null || asked.ConnectorId == report.ConnectorId)
            && string.Equals(asked.IdTag, report.IdTag, StringComparison.OrdinalIgnoreCase));
        if (index >= 0)
        {
            _asked.RemoveAt(index);
        }

        if (_asked.Count == 0)
        {
            _asked = null;
        }

        return index >= 0;
    }
}

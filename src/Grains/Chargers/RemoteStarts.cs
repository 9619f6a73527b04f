namespace Capacitor.Grains.Chargers;

/// <summary>A remote start that the charger was asked for.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.state.charger.remote-start")]
internal sealed record RemoteStart(
    [property: Id(0)] Guid Command, [property: Id(1)] int? ConnectorId, [property: Id(2)] string IdTag, [property: Id(3)] DateTimeOffset At)
{
    public bool Caused(StartReport report) =>
        (ConnectorId is null || ConnectorId == report.ConnectorId) && string.Equals(IdTag, report.IdTag, StringComparison.OrdinalIgnoreCase);
}

/// <summary>
/// Remote starts that a charger was asked for, until the transaction they cause begins. They only label it: no commit is made for one, but what is committed
/// anyway holds them.
/// </summary>
internal sealed class RemoteStarts(TimeProvider time, RemoteStart[] asked)
{
    // The charger's own ConnectionTimeOut is not known here; this is longer than any in use.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    // An integrator may repeat what nobody follows: what is kept is stored with every commit.
    private const int Most = 32;

    private RemoteStart[] _asked = asked;
    private RemoteStart? _taken;

    /// <summary>To be stored. Another array after each change, and null when there are none.</summary>
    public RemoteStart[]? Asked => _asked.Length == 0 ? null : _asked;

    /// <summary>Nothing changes when the command is known.</summary>
    public void Ask(Guid command, int? connectorId, string idTag)
    {
        if (!Array.Exists(_asked, start => start.Command == command))
        {
            var now = time.GetUtcNow();
            _asked = [.. _asked.Where(start => start.At >= now - Patience).TakeLast(Most - 1), new RemoteStart(command, connectorId, idTag, now)];
        }
    }

    public void Forget(Guid command)
    {
        if (Array.Exists(_asked, start => start.Command == command))
        {
            _asked = [.. _asked.Where(start => start.Command != command)];
        }
    }

    /// <summary>True when the transaction that begins was asked for. To be settled when it is committed, or put back when it is not.</summary>
    public bool Take(StartReport report)
    {
        var oldest = time.GetUtcNow() - Patience;
        _taken = Array.Find(_asked, start => start.At >= oldest && start.Caused(report));
        if (_taken is not null || Array.Exists(_asked, start => start.At < oldest))
        {
            _asked = [.. _asked.Where(start => start.At >= oldest && start != _taken)];
        }

        return _taken is not null;
    }

    public void Settle() => _taken = null;

    public void PutBack()
    {
        if (_taken is { } taken)
        {
            _asked = [taken, .. _asked];
            _taken = null;
        }
    }
}

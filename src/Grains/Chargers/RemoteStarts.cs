using Capacitor.Chargers;

namespace Capacitor.Grains.Chargers;

/// <summary>A remote start that the charger was asked for.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.state.charger.remote-start")]
internal sealed record RemoteStart(
    [property: Id(0)] Guid Command, [property: Id(1)] int? ConnectorId, [property: Id(2)] string IdTag, [property: Id(3)] DateTimeOffset At)
{
    /// <summary>The command's history, once it has ended; null before, and for one whose history is not kept.</summary>
    [Id(4)] public CommandRecord? Record { get; init; }

    /// <summary>True when its history is kept: then it is told when no transaction comes of it.</summary>
    [Id(5)] public bool IsRecorded { get; init; }

    public bool Caused(StartReport report) =>
        (ConnectorId is null || ConnectorId == report.ConnectorId) && string.Equals(IdTag, report.IdTag, StringComparison.OrdinalIgnoreCase);
}

/// <summary>
/// Remote starts that a charger was asked for, until the transaction they cause begins. They only label it: no commit is made for one, but what is committed
/// anyway holds them.
/// </summary>
internal sealed class RemoteStarts(TimeProvider time, RemoteStart[] asked, TimeSpan patience)
{
    // An integrator may repeat what nobody follows: what is kept is stored with every commit.
    private const int Most = 32;

    private RemoteStart[] _asked = asked;
    private RemoteStart? _taken;

    /// <summary>To be stored. Another array after each change, and null when there are none.</summary>
    public RemoteStart[]? Asked => _asked.Length == 0 ? null : _asked;

    /// <summary>Nothing changes when the command is known.</summary>
    public void Ask(Guid command, int? connectorId, string idTag, bool isRecorded = false)
    {
        if (!Array.Exists(_asked, start => start.Command == command))
        {
            var now = time.GetUtcNow();
            _asked = [.. _asked.Where(start => start.IsRecorded), .. _asked.Where(start => !start.IsRecorded && start.At >= now - patience).TakeLast(Most - 1), new RemoteStart(command, connectorId, idTag, now) { IsRecorded = isRecorded }];
        }
    }

    /// <summary>False when it is not among them: it was taken, forgotten, or told as one that came to nothing.</summary>
    public bool Forget(Guid command)
    {
        if (!Array.Exists(_asked, start => start.Command == command))
        {
            return false;
        }

        _asked = [.. _asked.Where(start => start.Command != command)];
        return true;
    }

    /// <summary>True when there is room for another one of which it is to be told what came of it.</summary>
    public bool HasRoom => _asked.Count(start => start.IsRecorded) < Most;

    /// <summary>True when a start with this tag was asked for: whoever asked has decided that it may charge.</summary>
    public bool Permits(string idTag) => Array.Exists(
        _asked, start => start.At >= time.GetUtcNow() - patience && string.Equals(start.IdTag, idTag.Trim(), StringComparison.OrdinalIgnoreCase));

    /// <summary>Begins again from what is stored, and with those that were not to be stored.</summary>
    public void Restore(RemoteStart[] stored) =>
        _asked = [.. stored, .. _asked.Where(start => !start.IsRecorded && start != _taken && !Array.Exists(stored, other => other.Command == start.Command))];

    /// <summary>Keeps the history of one that has ended: a transaction that it causes is written there.</summary>
    public void Keep(Guid command, CommandRecord record)
    {
        if (Array.FindIndex(_asked, start => start.Command == command) is >= 0 and var index)
        {
            _asked = [.. _asked[..index], _asked[index] with { Record = record }, .. _asked[(index + 1)..]];
        }
    }

    /// <summary>Takes out those that came to nothing.</summary>
    public IReadOnlyList<RemoteStart> TakeOverdue(DateTimeOffset now)
    {
        var overdue = Array.FindAll(_asked, start => start.IsRecorded && start.At + patience <= now);
        if (overdue.Length > 0)
        {
            _asked = [.. _asked.Except(overdue)];
        }

        return overdue;
    }

    /// <summary>The one that <see cref="Take"/> found.</summary>
    public RemoteStart? Taken => _taken;

    /// <summary>True when the transaction that begins was asked for. To be settled when it is committed, or put back when it is not.</summary>
    public bool Take(StartReport report)
    {
        var oldest = time.GetUtcNow() - patience;
        _taken = Array.Find(_asked, start => start.At >= oldest && start.Caused(report));
        if (_taken is not null || Array.Exists(_asked, start => start.At < oldest && !start.IsRecorded))
        {
            _asked = [.. _asked.Where(start => (start.IsRecorded || start.At >= oldest) && start != _taken)];
        }

        return _taken is not null;
    }

    public void Settle() => _taken = null;

    public void PutBack()
    {
        if (_taken is { } taken)
        {
            _asked = [taken, .. _asked.Where(start => start.Command != taken.Command)];
            _taken = null;
        }
    }
}

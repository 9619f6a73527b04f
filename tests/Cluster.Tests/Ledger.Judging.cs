using System.Net;
using Xunit;

namespace Capacitor.Cluster.Tests;

internal sealed partial class Ledger
{
    public void AssertClean(Forgiven forgiven)
    {
        foreach (var charger in _load.Chargers)
        {
            JudgeConnections(charger);
        }

        _wrongs.AddRange(_load.Chargers.SelectMany(charger => charger.Mishaps
            .Where(mishap => !(mishap.SaysTryAgain && forgiven.HasFlag(Forgiven.TryAgain)))
            .Select(mishap => $"{charger.Id} saw {mishap.Text}")));
        _wrongs.AddRange(_load.Traffic.Answers.Where(answer => !IsRight(answer) && !IsForgiven(answer, forgiven))
            .Select(answer => $"{answer.Request} {answer.IdTag} was answered {answer.Status}{(answer.IsAfterFault ? " after the fault" : "")}"
                + $"{(answer.HasArrived ? ", and the charger has it" : "")}: {answer.Text}"));
        JudgeCommands();
        Assert.True(_wrongs.Count == 0, $"{this}\n{string.Join('\n', _wrongs.Take(100))}");
    }

    /// <summary>A command that a charger got has not failed.</summary>
    public void AssertNoAcceptedCommandFailed() =>
        Assert.DoesNotContain(_load.Traffic.Answers, answer => answer.HasArrived && answer.Status != HttpStatusCode.Accepted);

    private static bool IsRight(ApiAnswer answer) =>
        answer.IdTag is null ? answer.Status == HttpStatusCode.OK : answer.Status == HttpStatusCode.Accepted && answer.HasArrived;

    private static bool IsForgiven(ApiAnswer answer, Forgiven forgiven) => !answer.IsAfterFault && !IsDenied(answer) && answer.Status switch
    {
        null when answer.IsAtStopping && answer.IdTag is not null && !answer.HasArrived && forgiven.HasFlag(Forgiven.RefusedCommands) => true,
        null => forgiven.HasFlag(Forgiven.BrokenRequests),
        HttpStatusCode.ServiceUnavailable when answer.IdTag is not null && !answer.HasArrived && forgiven.HasFlag(Forgiven.RefusedCommands) => true,
        HttpStatusCode.GatewayTimeout when answer.IdTag is not null && !answer.HasArrived && forgiven.HasFlag(Forgiven.UnknownCommands) => true,
        HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout =>
            forgiven.HasFlag(Forgiven.Unavailable) || (answer.IdTag is not null && forgiven.HasFlag(Forgiven.LostCommands)),
        _ => false,
    };

    // That the charger may have the command is the least that a caller must be told: a 503 invites to send it again.
    private static bool IsDenied(ApiAnswer answer) => answer.HasArrived && answer.Status == HttpStatusCode.ServiceUnavailable;

    /// <summary>Whatever a caller was told, the journal tells the same, and once.</summary>
    private void JudgeCommands()
    {
        var ends = _journal.Where(e => e.IsEndOfCommand && !e.Story.EndsWith(" late", StringComparison.Ordinal)).GroupBy(e => e.Story.Split(' ')[1]).ToDictionary(same => same.Key, same => same.ToList());
        _wrongs.AddRange(ends.Where(same => same.Value.Count > 1).Select(same => $"{same.Key} ended {same.Value.Count} times: {string.Join(", ", same.Value.Select(e => e.Story))}"));
        _wrongs.AddRange(_load.Traffic.Answers.Where(answer => answer.CommandId is { } id && !(ends.TryGetValue(id, out var end) && end[0].Type == "command.completed"))
            .Select(answer => $"{answer.CommandId} was accepted, and the journal does not say so"));
    }

    /// <summary>
    /// A socket is lost only with the process that had it. The journal has each that was opened; one on which nothing was ever answered it need not have: its
    /// process was gone before it could tell.
    /// </summary>
    private void JudgeConnections(RoamingCharger charger)
    {
        _wrongs.AddRange(charger.Sockets.Select(socket => socket.Complaint).OfType<string>().Select(complaint => $"{charger.Id} {complaint}"));
        var connected = _journal.Count(e => e.Charger == charger.Id && e.Type == "charger.connected");
        var answered = charger.Sockets.Count(socket => socket.HasAnswered);
        if (connected < answered || connected > charger.Sockets.Count)
        {
            _wrongs.Add($"{charger.Id} opened {charger.Sockets.Count} sockets, {answered} with answers, and the journal has {connected}");
        }

        var gone = _journal.Where(e => e.Charger == charger.Id && e.Type == "charger.disconnected").ToList();
        if (gone.Count > charger.Sockets.Count(socket => socket.IsCut) || gone.Exists(e => e.Story.EndsWith("server_shutdown", StringComparison.Ordinal)))
        {
            _wrongs.Add($"{charger.Id} never stayed away, and was reported: {string.Join(", ", gone.Select(e => e.Story))}");
        }
    }
}

using System.Net;
using System.Text.Json;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.Cluster.Tests;

/// <summary>What a test can forgive, because the fault leaves no other way.</summary>
[Flags]
internal enum Forgiven
{
    Nothing = 0,

    /// <summary>503 and 504 to integrators.</summary>
    Unavailable = 1,

    /// <summary>Requests whose connection broke with the process that had it.</summary>
    BrokenRequests = 2,

    /// <summary>503 to commands: the charger was just on its way from one Api to another.</summary>
    RefusedCommands = 8,

    /// <summary>CALLERRORs and silence to chargers, which then try again.</summary>
    TryAgain = 4,
}

/// <summary>The account of a load: what was acknowledged, against what the journal has and what the webhook got.</summary>
internal sealed class Ledger
{
    private readonly List<string> _wrongs = [];
    private readonly Load _load;
    private readonly List<JournalEvent> _journal;
    private int _lost;
    private int _doubled;
    private int _disordered;
    private int _repeated;

    private Ledger(Load load, List<JournalEvent> journal)
    {
        _load = load;
        _journal = [.. journal.Where(e => e.Charger.StartsWith(load.Prefix, StringComparison.Ordinal))];
    }

    public static async Task<Ledger> WriteAsync(Cluster cluster, Load load)
    {
        var http = cluster.AnyApi().Http;
        var (events, cursor) = await JournalEvent.ReadAsync(http, cluster.Cursor);
        cluster.Cursor = cursor;
        var ledger = new Ledger(load, events);
        ledger.CompareJournal();
        await ledger.WaitForWebhookAsync();
        ledger.CompareWebhook();
        await ledger.CompareTransactionsAsync(http);
        return ledger;
    }

    public void AssertClean(Forgiven forgiven)
    {
        AssertNoFalseDisconnections();
        JudgeAnswers(forgiven);
        if (!forgiven.HasFlag(Forgiven.TryAgain))
        {
            _wrongs.AddRange(_load.Chargers.SelectMany(charger => charger.Mishaps.Select(mishap => $"{charger.Id} saw {mishap}")));
        }

        Assert.True(_wrongs.Count == 0, $"{this}\n{string.Join('\n', _wrongs.Take(100))}");
    }

    /// <summary>What the journal tells of a charger.</summary>
    public List<string> StoriesOf(string charger) => [.. _journal.Where(e => e.Charger == charger).Select(e => e.Story)];

    /// <summary>A command that a charger got has not failed.</summary>
    public void AssertNoAcceptedCommandFailed()
    {
        var failed = _load.Traffic.Answers.Where(answer => answer.IdTag is not null && answer.Status != HttpStatusCode.Accepted)
            .Where(answer => _load.Chargers.Single(charger => charger.Id == answer.Charger).Got(answer.IdTag!));
        Assert.Empty(failed);
    }

    public override string ToString()
    {
        var answers = _load.Traffic.Answers.GroupBy(answer => answer.Status is { } status ? $"{(int)status}" : "broken").OrderBy(group => group.Key, StringComparer.Ordinal);
        return $"{_load.Chargers.Sum(charger => charger.Told.Count)} calls acknowledged: {_lost} lost, {_doubled} doubled, {_disordered} out of order; "
            + $"{_repeated} of {_journal.Count} deliveries repeated; longest pause {_load.LongestPause.TotalSeconds:0.0} s; "
            + $"{_load.Chargers.Sum(charger => charger.Mishaps.Count)} calls to be repeated; HTTP {string.Join(", ", answers.Select(group => $"{group.Count()} x {group.Key}"))}";
    }

    private void CompareJournal()
    {
        foreach (var charger in _load.Chargers)
        {
            var stored = _journal.Where(e => e.Charger == charger.Id && e.IsTold).Select(e => e.Story).ToList();
            var lost = charger.Told.Except(stored).ToList();
            var doubled = stored.GroupBy(story => story).SelectMany(same => same.Skip(1)).Concat(stored.Except(charger.Told)).ToList();
            _lost += lost.Count;
            _doubled += doubled.Count;
            _wrongs.AddRange(lost.Select(story => $"{charger.Id} was answered, and the journal has not: {story}"));
            _wrongs.AddRange(doubled.Select(story => $"{charger.Id} said once, and the journal has twice or made up: {story}"));
            if (lost.Count == 0 && doubled.Count == 0 && !stored.SequenceEqual(charger.Told))
            {
                _disordered++;
                _wrongs.Add($"{charger.Id} said {string.Join(", ", charger.Told)}, and the journal has {string.Join(", ", stored)}");
            }
        }
    }

    private async Task WaitForWebhookAsync()
    {
        var missing = _journal.Select(e => e.Id).ToHashSet();
        var seen = 0;
        try
        {
            while (true)
            {
                var posts = await _load.Receiver.WaitForAsync(seen);
                missing.ExceptWith(posts.Skip(seen).Select(post => post.Id));
                if (missing.Count == 0)
                {
                    return;
                }

                seen = posts.Count + 1;
            }
        }
        catch (TimeoutException)
        {
            _lost += missing.Count;
            _wrongs.AddRange(_journal.Where(e => missing.Contains(e.Id)).Select(e => $"The webhook never got {e.Id} of {e.Charger}: {e.Story}"));
        }
    }

    private void CompareWebhook()
    {
        var posts = _load.Receiver.Received.Select(post => (post.Id, post.Text, Event: Parse(post))).Where(post => post.Event.Charger.StartsWith(_load.Prefix, StringComparison.Ordinal)).ToList();
        foreach (var same in posts.GroupBy(post => post.Id).Where(same => same.DistinctBy(post => post.Text).Count() > 1))
        {
            _wrongs.Add($"{same.Key} came with different bodies");
        }

        var first = posts.DistinctBy(post => post.Id).ToList();
        _repeated = posts.Count - first.Count;
        var known = _journal.ToDictionary(e => e.Id);
        foreach (var post in first.Where(post => known.TryGetValue(post.Id, out var stored) && stored.Data != post.Event.Data))
        {
            _wrongs.Add($"{post.Id} has another body in the journal");
        }

        foreach (var charger in _journal.GroupBy(e => e.Charger))
        {
            var arrived = first.Where(post => post.Event.Charger == charger.Key && known.ContainsKey(post.Id)).Select(post => post.Id).ToList();
            if (!charger.Select(e => e.Id).Where(arrived.Contains).SequenceEqual(arrived))
            {
                _disordered++;
                _wrongs.Add($"The events of {charger.Key} came in another order than that of the journal");
            }
        }

        static JournalEvent Parse(ReceivedWebhook post)
        {
            using var body = JsonDocument.Parse(post.Body);
            var data = body.RootElement.GetProperty("data");
            return new JournalEvent(post.Id, body.RootElement.GetProperty("event").GetString()!, data.GetProperty("chargeBoxId").GetString()!, data.GetRawText(), "");
        }
    }

    private async Task CompareTransactionsAsync(HttpClient http)
    {
        foreach (var charger in _load.Chargers)
        {
            using var page = JsonDocument.Parse(await http.GetStringAsync($"/api/v1/transactions?limit=200&chargeBoxId={charger.Id}"));
            var listed = page.RootElement.GetProperty("transactions").EnumerateArray().Select(row => row.GetProperty("transactionId").GetInt32()).Order().ToList();
            if (!listed.SequenceEqual(charger.Transactions.Order()))
            {
                _wrongs.Add($"{charger.Id} has transactions {string.Join(", ", charger.Transactions)}, and the list has {string.Join(", ", listed)}");
            }
        }

        var all = _load.Chargers.SelectMany(charger => charger.Transactions).ToList();
        if (all.Count != all.Distinct().Count())
        {
            _wrongs.Add("A transaction id was given out twice");
        }
    }

    private void AssertNoFalseDisconnections()
    {
        foreach (var charger in _load.Chargers)
        {
            var gone = _journal.Where(e => e.Charger == charger.Id && e.Type == "charger.disconnected").ToList();
            if (gone.Count > charger.Cuts || gone.Exists(e => e.Story.EndsWith("server_shutdown", StringComparison.Ordinal)))
            {
                _wrongs.Add($"{charger.Id} never stayed away, and was reported: {string.Join(", ", gone.Select(e => e.Story))}");
            }
        }
    }

    private void JudgeAnswers(Forgiven forgiven)
    {
        foreach (var answer in _load.Traffic.Answers)
        {
            var right = answer.Status switch
            {
                HttpStatusCode.OK or HttpStatusCode.Accepted => true,
                HttpStatusCode.ServiceUnavailable when answer.IdTag is not null && forgiven.HasFlag(Forgiven.RefusedCommands) => true,
                HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => forgiven.HasFlag(Forgiven.Unavailable),
                null => forgiven.HasFlag(Forgiven.BrokenRequests),
                _ => false,
            };
            if (!right)
            {
                _wrongs.Add($"{answer.Request} was answered {answer.Status}: {answer.Text}");
            }
        }
    }
}

using System.Text.Json;
using Capacitor.Testing;

namespace Capacitor.Cluster.Tests;

/// <summary>The account of a load: what was acknowledged, against what the journal has and what the webhook got.</summary>
internal sealed partial class Ledger
{
    private readonly List<string> _wrongs = [];
    private readonly Load _load;
    private readonly List<JournalEvent> _journal = [];
    private int _lost;
    private int _doubled;
    private int _disordered;
    private int _repeated;

    private Ledger(Load load) => _load = load;

    public static async Task<Ledger> WriteAsync(Cluster cluster, Load load)
    {
        var http = cluster.AnyApi().Http;
        var ledger = new Ledger(load);
        await ledger.ReadJournalAsync(cluster, http);
        ledger.CompareJournal();
        await ledger.WaitForWebhookAsync();

        // What has been posted by now, the journal has by now: what others than the chargers still did is in it, too.
        var posts = load.Receiver.Received;
        await ledger.ReadJournalAsync(cluster, http);
        ledger.CompareWebhook(posts);
        await ledger.CompareTransactionsAsync(http);
        return ledger;
    }

    /// <summary>What the journal tells of a charger, without what follows from it.</summary>
    public List<string> StoriesOf(string charger) => [.. _journal.Where(e => e.Charger == charger && !e.IsDerived && !e.IsEndOfCommand).Select(e => e.Story)];

    public override string ToString()
    {
        var answers = _load.Traffic.Answers.GroupBy(answer => answer.Status is { } status ? $"{(int)status}" : "broken").OrderBy(group => group.Key, StringComparer.Ordinal);
        return $"{_load.Chargers.Sum(charger => charger.Told.Count)} calls acknowledged: {_lost} lost, {_doubled} doubled, {_disordered} out of order; "
            + $"{_repeated} of {_journal.Count} deliveries repeated; longest pause {_load.LongestPause.TotalSeconds:0.0} s; "
            + $"{_load.Chargers.Sum(charger => charger.Mishaps.Count)} calls to be repeated; {_load.Chargers.Sum(charger => charger.Sockets.Count - 1)} sockets opened again; HTTP {string.Join(", ", answers.Select(group => $"{group.Count()} x {group.Key}"))}";
    }

    private async Task ReadJournalAsync(Cluster cluster, HttpClient http)
    {
        var (events, cursor) = await JournalEvent.ReadAsync(http, cluster.Cursor);
        cluster.Cursor = cursor;
        _journal.AddRange(events.Where(e => e.Charger.StartsWith(_load.Prefix, StringComparison.Ordinal)));
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
        try
        {
            for (var seen = 0; missing.Count > 0;)
            {
                var posts = await _load.Receiver.WaitForAsync(seen + 1);
                missing.ExceptWith(posts.Skip(seen).Select(post => post.Id));
                seen = posts.Count;
            }
        }
        catch (TimeoutException)
        {
            _lost += missing.Count;
            _wrongs.AddRange(_journal.Where(e => missing.Contains(e.Id)).Select(e => $"The webhook never got {e.Id} of {e.Charger}: {e.Story}"));
        }
    }

    private void CompareWebhook(IReadOnlyList<ReceivedWebhook> received)
    {
        var posts = received.Select(post => (post.Id, post.Text, Event: Parse(post))).Where(post => post.Event.Charger.StartsWith(_load.Prefix, StringComparison.Ordinal)).ToList();
        foreach (var same in posts.GroupBy(post => post.Id).Where(same => same.DistinctBy(post => post.Text).Count() > 1))
        {
            _wrongs.Add($"{same.Key} came with different bodies");
        }

        var first = posts.DistinctBy(post => post.Id).ToList();
        _repeated = posts.Count - first.Count;
        var known = _journal.ToDictionary(e => e.Id);
        foreach (var post in first)
        {
            if (!known.TryGetValue(post.Id, out var stored))
            {
                _doubled++;
                _wrongs.Add($"The webhook got what the journal has not: {post.Id} of {post.Event.Charger}, {post.Text}");
            }
            else if (stored.Data != post.Event.Data)
            {
                _wrongs.Add($"{post.Id} has another body in the journal");
            }
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
}

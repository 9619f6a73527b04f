using Npgsql;

namespace Capacitor.Cluster.Tests;

/// <summary>
/// Sees in the database itself which process has written which state and which event: a commit that was refused has left nothing there. What each silo writes
/// for nobody, to see whether it can, is left out.
/// </summary>
internal sealed class CommitWatch : IAsyncDisposable
{
    private const string Begin = """
        CREATE TABLE public.commits (process text NOT NULL, what text NOT NULL, at timestamptz NOT NULL);
        CREATE FUNCTION public.note_commit() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_TABLE_NAME = 'states' THEN
                INSERT INTO public.commits VALUES (current_setting('application_name'), NEW.key, clock_timestamp());
            ELSE
                INSERT INTO public.commits VALUES (current_setting('application_name'), NEW.id, clock_timestamp());
            END IF;
            RETURN NULL;
        END $$;
        CREATE TRIGGER note_commit AFTER INSERT OR UPDATE ON capacitor.states FOR EACH ROW WHEN (NEW.name <> 'capacitor.probe') EXECUTE FUNCTION public.note_commit();
        CREATE TRIGGER note_commit AFTER INSERT ON capacitor.events FOR EACH ROW EXECUTE FUNCTION public.note_commit();
        """;

    private const string End = """
        DROP TRIGGER note_commit ON capacitor.states;
        DROP TRIGGER note_commit ON capacitor.events;
        DROP FUNCTION public.note_commit();
        DROP TABLE public.commits;
        """;

    private readonly NpgsqlDataSource _database;

    private CommitWatch(NpgsqlDataSource database) => _database = database;

    public static async Task<CommitWatch> StartAsync(Cluster cluster)
    {
        var watch = new CommitWatch(NpgsqlDataSource.Create(cluster.ConnectionString));
        await using var begin = watch._database.CreateCommand(Begin);
        await begin.ExecuteNonQueryAsync();
        return watch;
    }

    /// <summary>The database's time.</summary>
    public async Task<DateTime> NowAsync()
    {
        await using var command = _database.CreateCommand("SELECT clock_timestamp()");
        return (DateTime)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The keys of states and the ids of events that this process has written since then.</summary>
    public Task<List<string>> WrittenByAsync(ClusterNode process, DateTime since) =>
        ListAsync("SELECT what FROM public.commits WHERE process = $1 AND at > $2 ORDER BY at", process.Name, since);

    /// <summary>Who has written the states of these chargers since then: the processes, in alphabetical order.</summary>
    public Task<List<string>> WritersOfAsync(IEnumerable<string> chargers, DateTime since) => ListAsync(
        "SELECT DISTINCT process FROM public.commits WHERE what = ANY($1) AND at > $2 ORDER BY process",
        chargers.Select(id => $"c/{id.ToUpperInvariant()}").ToArray(),
        since);

    public async ValueTask DisposeAsync()
    {
        await using (var end = _database.CreateCommand(End))
        {
            await end.ExecuteNonQueryAsync();
        }

        await _database.DisposeAsync();
    }

    private async Task<List<string>> ListAsync(string query, object which, DateTime since)
    {
        await using var command = _database.CreateCommand(query);
        command.Parameters.AddWithValue(which);
        command.Parameters.AddWithValue(since);
        await using var rows = await command.ExecuteReaderAsync();
        var list = new List<string>();
        while (await rows.ReadAsync())
        {
            list.Add(rows.GetString(0));
        }

        return list;
    }
}

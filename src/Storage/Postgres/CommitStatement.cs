using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Transactions;
using Npgsql;
using NpgsqlTypes;

namespace Capacitor.Storage.Postgres;

/// <summary>
/// The one statement that writes: a group of commits as columns, in one round trip; see <c>commit_3</c> in the schema. The columns live as long as the
/// connection, so that a group costs no new arrays. No state may be in a group twice.
/// </summary>
internal sealed class CommitStatement : IDisposable
{
    private static readonly Comparison<PendingCommit> ByState = static (left, right) =>
        string.CompareOrdinal(left.Commit.Name, right.Commit.Name) is not 0 and var order ? order : string.CompareOrdinal(left.Commit.Key, right.Commit.Key);

    private readonly NpgsqlCommand _command;
    private readonly List<System.Collections.IList> _columns = [];
    private readonly StateColumns _states;
    private readonly RowColumns _rows;
    private readonly EventColumns _events;
    private readonly RecordColumns _records;
    private readonly List<PendingCommit> _sorted = [];

    public CommitStatement(NpgsqlConnection connection, int partitions)
    {
        _command = connection.CreateCommand();
        // In the order of the function's parameters.
        _states = new(this);
        _rows = new(this);
        _events = new(this, partitions);
        _records = new(this);
        _command.CommandText = $"SELECT {PostgresSchema.Name}.commit_3({string.Join(", ", Enumerable.Range(1, _columns.Count).Select(n => $"${n}"))})";
        _command.Prepare();
    }

    /// <summary>Writes the group and answers its events, by partition, with their positions. The lists are used again by the next group.</summary>
    public List<JournalEvent>[] Execute(List<PendingCommit> group)
    {
        foreach (var column in _columns)
        {
            column.Clear();
        }
        _sorted.Clear();
        _rows.Begin();
        _events.Begin();
        _records.Begin();
        foreach (var pending in group)
        {
            if (pending.Commit.Name is not null)
            {
                _sorted.Add(pending);
            }
            _rows.Gather(pending.Commit);
            _events.Gather(pending.Commit.Events);
            _records.Gather(pending.Commit.Records);
        }
        _sorted.Sort(ByState);
        foreach (var pending in _sorted)
        {
            _states.Add(pending.Commit);
        }
        _rows.Fill();
        _events.Fill();
        _records.Fill();
        return _events.Number(_command.ExecuteScalar() as long[]);
    }

    public void Dispose() => _command.Dispose();

    /// <summary>The function's next parameter.</summary>
    public List<T> Column<T>(NpgsqlDbType type)
    {
        List<T> column = [];
        _columns.Add(column);
        _command.Parameters.Add(new NpgsqlParameter<List<T>> { TypedValue = column, NpgsqlDbType = NpgsqlDbType.Array | type });
        return column;
    }

    private sealed class StateColumns(CommitStatement statement)
    {
        private readonly List<string> _updateNames = statement.Column<string>(NpgsqlDbType.Text);
        private readonly List<string> _updateKeys = statement.Column<string>(NpgsqlDbType.Text);
        private readonly List<long> _updateVersions = statement.Column<long>(NpgsqlDbType.Bigint);
        private readonly List<byte[]?> _updatePayloads = statement.Column<byte[]?>(NpgsqlDbType.Bytea);
        private readonly List<string> _insertNames = statement.Column<string>(NpgsqlDbType.Text);
        private readonly List<string> _insertKeys = statement.Column<string>(NpgsqlDbType.Text);
        private readonly List<byte[]> _insertPayloads = statement.Column<byte[]>(NpgsqlDbType.Bytea);
        private readonly List<string> _absentNames = statement.Column<string>(NpgsqlDbType.Text);
        private readonly List<string> _absentKeys = statement.Column<string>(NpgsqlDbType.Text);

        public void Add(JournalCommit commit)
        {
            if (commit.ExpectedVersion is { } expected)
            {
                _updateNames.Add(commit.Name!);
                _updateKeys.Add(commit.Key);
                _updateVersions.Add(expected);
                _updatePayloads.Add(commit.Payload);
            }
            else if (commit.Payload is not null)
            {
                _insertNames.Add(commit.Name!);
                _insertKeys.Add(commit.Key);
                _insertPayloads.Add(commit.Payload);
            }
            else
            {
                _absentNames.Add(commit.Name!);
                _absentKeys.Add(commit.Key);
            }
        }
    }
}

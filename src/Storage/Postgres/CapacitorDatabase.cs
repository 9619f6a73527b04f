using Npgsql;

namespace Capacitor.Storage.Postgres;

/// <summary>The cluster's PostgreSQL database: one pool of connections for everything in this process.</summary>
public sealed class CapacitorDatabase(string connectionString) : IAsyncDisposable, IDisposable
{
    /// <summary>The name under which Orleans' ADO.NET providers know the driver of <see cref="DataSource"/>.</summary>
    public const string Invariant = "Npgsql";

    // What a connection string does not say itself. A server that is gone is to be noticed in seconds; a pool that is too large only makes the database slower.
    private const string Defaults =
        "Application Name=capacitor;Timeout=5;Command Timeout=15;Cancellation Timeout=1000;Keepalive=5;Tcp Keepalive=true;Maximum Pool Size=30;" +
        "Max Auto Prepare=100;Auto Prepare Min Usages=2;No Reset On Close=true;Include Error Detail=false;";

    /// <summary>Connections whose unqualified names are those of the schema <c>capacitor</c>; what Orleans' clustering, reminders and storage are to use.</summary>
    public NpgsqlDataSource DataSource { get; } = NpgsqlDataSource.Create(Complete(connectionString));

    /// <summary>
    /// Makes or migrates the schema <c>capacitor</c>; to be called before anything else opens the database. Any number of processes may call it at once.
    /// Throws <see cref="DatabaseTooNewException"/>, <see cref="DatabaseRightsException"/>, and <see cref="NpgsqlException"/> when the database cannot be reached.
    /// </summary>
    public static async Task PrepareAsync(string connectionString, CancellationToken cancellation = default)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Complete(connectionString)) { Pooling = false });
        await PostgresSchema.ApplyAsync(source, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => DataSource.DisposeAsync();

    /// <inheritdoc/>
    public void Dispose() => DataSource.Dispose();

    private static string Complete(string connectionString)
    {
        NpgsqlConnectionStringBuilder complete = new(Defaults + connectionString) { SearchPath = PostgresSchema.Name };
        // What a lost client has left behind ends by itself. The statements are short and many: compiling them costs more than running them.
        complete.Options = $"-c statement_timeout=30s -c jit=off {complete.Options}".TrimEnd();
        return complete.ToString();
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Capacitor.Testing;

/// <summary>
/// A real PostgreSQL of our own, in a temporary folder, on a free port of 127.0.0.1 unless told otherwise. It goes with this process, however that ends.
/// Needs Debian's <c>postgresql</c> (or the server's programs in PATH).
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly Lazy<Task<PostgresServer>> TheShared = new(StartNewAsync);

    private readonly string _folder = Directory.CreateTempSubdirectory("capacitor-pg-").FullName;
    private readonly string _programs = FindPrograms();
    private readonly IPAddress _address;
    private readonly int _port;
    private readonly Process _watchdog;
    private int _databases;

    private PostgresServer(IPAddress address)
    {
        _address = address;
        _port = FreePort(address);
        _watchdog = Watch();
    }

    private string Data => Path.Combine(_folder, "data");

    /// <summary>The one that all tests of this process share, each with a database of its own. It is not for stopping.</summary>
    public static Task<PostgresServer> SharedAsync() => TheShared.Value;

    /// <summary>One more, for tests that stop it.</summary>
    public static Task<PostgresServer> StartNewAsync() => StartNewAsync(IPAddress.Loopback);

    /// <summary>One more at an address of this machine; it trusts whoever reaches it there.</summary>
    public static async Task<PostgresServer> StartNewAsync(IPAddress address)
    {
        PostgresServer server = new(address);
        try
        {
            if (Environment.IsPrivilegedProcess)
            {
                await RunAsync("chown", ["postgres", server._folder], server._folder);
            }

            await server.RunAsServerAsync("initdb", "-D", server.Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
            await File.AppendAllTextAsync(Path.Combine(server.Data, "pg_hba.conf"), $"host all all samenet trust{Environment.NewLine}");
            await server.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Where a database of this server is, for its superuser.</summary>
    public string ConnectionStringOf(string database) => $"Host={_address};Port={_port};Username=postgres;Database={database}";

    /// <summary>Makes an empty database; answers its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        await using NpgsqlConnection connection = new(ConnectionStringOf("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"CREATE DATABASE {name}";
        await command.ExecuteNonQueryAsync();
        return ConnectionStringOf(name);
    }

    /// <summary>False from the moment it is stopped on purpose, until it takes connections again.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>Starts the stopped server; answers when it takes connections, after its recovery if it needs one.</summary>
    public async Task StartAsync()
    {
        await RunAsServerAsync("pg_ctl", "start", "-w", "-t", "120", "-D", Data, "-l", Path.Combine(_folder, "log"), "-o",
            $"-p {_port} -c listen_addresses={_address} -c unix_socket_directories='' -c max_connections=300 -c max_prepared_transactions=0");
        IsRunning = true;
    }

    /// <summary>Stops the server as its crash would: nothing is flushed, everybody's connection breaks.</summary>
    public Task StopImmediateAsync()
    {
        IsRunning = false;
        return RunAsServerAsync("pg_ctl", "stop", "-w", "-m", "immediate", "-D", Data);
    }

    /// <summary>Writes a dump of the database to a file, as ops would.</summary>
    public Task DumpAsync(string connectionString, string file) =>
        RunAsync(Program("pg_dump"), ["--format=custom", "--file", file, UriOf(connectionString)], _folder);

    /// <summary>Reads a dump into an empty database.</summary>
    public Task RestoreAsync(string file, string connectionString) =>
        RunAsync(Program("pg_restore"), ["--exit-on-error", "--dbname", UriOf(connectionString), file], _folder);

    /// <summary>What the server's processes have used so far; those that have ended are counted by the one that started them.</summary>
    public TimeSpan ProcessorTime()
    {
        var postmaster = int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);
        var ticks = 0L;
        foreach (var process in Directory.GetDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
        {
            try
            {
                // man proc: after the name in parentheses come state, ppid, …; the 12th to 15th are the times of itself and of its ended children.
                var stat = File.ReadAllText(Path.Combine(process, "stat"));
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                var isPostmaster = Path.GetFileName(process) == postmaster.ToString(CultureInfo.InvariantCulture);
                if (isPostmaster || fields[1] == postmaster.ToString(CultureInfo.InvariantCulture))
                {
                    ticks += fields[11..(isPostmaster ? 15 : 13)].Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
                }
            }
            catch (IOException)
            {
                // It ended meanwhile.
            }
        }
        return TimeSpan.FromMilliseconds(ticks * 10);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _watchdog.StandardInput.Close(); // it stops the server and removes the folder
        await _watchdog.StandardOutput.ReadToEndAsync();
        _watchdog.Dispose();
    }

    private static string UriOf(string connectionString)
    {
        NpgsqlConnectionStringBuilder parts = new(connectionString);
        return $"postgresql://{parts.Username}@{parts.Host}:{parts.Port}/{parts.Database}";
    }

    private static int FreePort(IPAddress address)
    {
        using TcpListener listener = new(address, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string FindPrograms()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string[] packaged = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [];
        return path.Concat(packaged.OrderByDescending(version => version, StringComparer.Ordinal).Select(version => Path.Combine(version, "bin")))
            .FirstOrDefault(folder => Array.TrueForAll(["initdb", "pg_ctl", "pg_dump", "pg_restore"], program => File.Exists(Path.Combine(folder, program))))
            ?? throw new InvalidOperationException("There is no PostgreSQL to test with; install Debian's postgresql, or put its programs in PATH.");
    }

    private static async Task RunAsync(string program, IEnumerable<string> arguments, string folder)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            var log = Path.Combine(folder, "log");
            throw new InvalidOperationException(
                $"{program} ended with {process.ExitCode}: {error} {await output} {(File.Exists(log) ? await File.ReadAllTextAsync(log) : "")}");
        }
    }

    private string Program(string name) => Path.Combine(_programs, name);

    /// <summary>The server refuses to run as root.</summary>
    private string[] AsServer(string program) =>
        Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--", Program(program)] : [Program(program)];

    private Task RunAsServerAsync(string program, params string[] arguments)
    {
        string[] command = [.. AsServer(program), .. arguments];
        return RunAsync(command[0], command[1..], _folder);
    }

    /// <summary>A process that lives until ours has closed its pipe, on purpose or by dying; in a session of its own, and nobody's child, so that what kills us leaves it alone.</summary>
    private Process Watch()
    {
        const string Script = "trap '' HUP INT TERM; cat > /dev/null; folder=$1; shift; \"$@\" stop -m immediate -D \"$folder/data\" > /dev/null 2>&1; rm -rf \"$folder\"";
        ProcessStartInfo start = new("setsid", ["--fork", "sh", "-c", Script, "watchdog", _folder, .. AsServer("pg_ctl")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return Process.Start(start)!;
    }
}

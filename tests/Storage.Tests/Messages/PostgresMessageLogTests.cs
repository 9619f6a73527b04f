using Capacitor.Storage.Messages;
using Capacitor.Storage.Postgres;
using Capacitor.Testing;

namespace Capacitor.Storage.Tests.Messages;

public sealed class PostgresMessageLogTests : MessagePromises, IAsyncLifetime
{
    private string _database = "";
    private CapacitorDatabase? _open;
    private PostgresMessageLog? _log;

    private protected override IMessageLog Log => _log ?? Reopen();

    public async Task InitializeAsync()
    {
        _database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await CapacitorDatabase.PrepareAsync(_database);
    }

    public Task DisposeAsync()
    {
        _log?.Dispose();
        _open?.Dispose();
        return Task.CompletedTask;
    }

    private protected override IMessageLog Reopen()
    {
        _log?.Dispose();
        _open?.Dispose();
        _open = new(_database);
        return _log = new(_open);
    }
}

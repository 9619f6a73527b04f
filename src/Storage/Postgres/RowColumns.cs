using Capacitor.Chargers;
using Capacitor.Transactions;
using NpgsqlTypes;

namespace Capacitor.Storage.Postgres;

/// <summary>The list rows of a group: of each charger and transaction only its last, sorted, so that processes take their locks in one order.</summary>
internal sealed class RowColumns(CommitStatement statement)
{
    private readonly Dictionary<string, Charger?> _chargers = [];
    private readonly Dictionary<int, Transaction> _transactions = [];

    private readonly List<string> _chargerKeys = statement.Column<string>(NpgsqlDbType.Text);
    private readonly List<string> _chargerIds = statement.Column<string>(NpgsqlDbType.Text);
    private readonly List<string> _chargerBoxes = statement.Column<string>(NpgsqlDbType.Text);
    private readonly List<string> _chargerTenants = statement.Column<string>(NpgsqlDbType.Text);
    private readonly List<string?> _chargerNames = statement.Column<string?>(NpgsqlDbType.Text);
    private readonly List<string?> _chargerLocations = statement.Column<string?>(NpgsqlDbType.Text);
    private readonly List<DateTime> _chargerRegistrations = statement.Column<DateTime>(NpgsqlDbType.TimestampTz);
    private readonly List<bool> _chargerOnline = statement.Column<bool>(NpgsqlDbType.Boolean);
    private readonly List<string?> _chargerVendors = statement.Column<string?>(NpgsqlDbType.Text);
    private readonly List<string?> _chargerModels = statement.Column<string?>(NpgsqlDbType.Text);
    private readonly List<string?> _chargerSerials = statement.Column<string?>(NpgsqlDbType.Text);
    private readonly List<string?> _chargerFirmwares = statement.Column<string?>(NpgsqlDbType.Text);
    private readonly List<DateTime?> _chargerHeartbeats = statement.Column<DateTime?>(NpgsqlDbType.TimestampTz);
    private readonly List<string?> _chargerProtocols = statement.Column<string?>(NpgsqlDbType.Text);
    private readonly List<string?> _chargerGateways = statement.Column<string?>(NpgsqlDbType.Text);
    private readonly List<long> _chargerEpochs = statement.Column<long>(NpgsqlDbType.Bigint);
    private readonly List<DateTime?> _chargerWatches = statement.Column<DateTime?>(NpgsqlDbType.TimestampTz);
    private readonly List<string> _removedKeys = statement.Column<string>(NpgsqlDbType.Text);

    private readonly List<int> _transactionIds = statement.Column<int>(NpgsqlDbType.Integer);
    private readonly List<string> _transactionTenants = statement.Column<string>(NpgsqlDbType.Text);
    private readonly List<string> _transactionBoxes = statement.Column<string>(NpgsqlDbType.Text);
    private readonly List<string> _transactionChargers = statement.Column<string>(NpgsqlDbType.Text);
    private readonly List<int> _transactionConnectors = statement.Column<int>(NpgsqlDbType.Integer);
    private readonly List<string> _transactionTags = statement.Column<string>(NpgsqlDbType.Text);
    private readonly List<long> _transactionMeterStarts = statement.Column<long>(NpgsqlDbType.Bigint);
    private readonly List<DateTime> _transactionStarts = statement.Column<DateTime>(NpgsqlDbType.TimestampTz);
    private readonly List<long?> _transactionMeterStops = statement.Column<long?>(NpgsqlDbType.Bigint);
    private readonly List<DateTime?> _transactionStops = statement.Column<DateTime?>(NpgsqlDbType.TimestampTz);
    private readonly List<string?> _transactionReasons = statement.Column<string?>(NpgsqlDbType.Text);
    private readonly List<long?> _transactionMeterLasts = statement.Column<long?>(NpgsqlDbType.Bigint);
    private readonly List<bool> _transactionRemotes = statement.Column<bool>(NpgsqlDbType.Boolean);

    public void Begin()
    {
        _chargers.Clear();
        _transactions.Clear();
    }

    public void Gather(JournalCommit commit)
    {
        if (commit.Charger is { } charger)
        {
            _chargers[StoredText.ChargerKey(charger.ChargeBoxId)] = charger;
        }
        if (commit.RemovedCharger is { } removed)
        {
            _chargers[StoredText.ChargerKey(removed)] = null;
        }
        foreach (var transaction in commit.Transactions)
        {
            _transactions[transaction.TransactionId] = transaction;
        }
    }

    public void Fill()
    {
        foreach (var (key, charger) in _chargers.OrderBy(row => row.Key, StringComparer.Ordinal))
        {
            if (charger is null)
            {
                _removedKeys.Add(key);
            }
            else
            {
                Add(key, charger);
            }
        }
        foreach (var (_, transaction) in _transactions.OrderBy(row => row.Key))
        {
            Add(transaction);
        }
    }

    private void Add(string key, Charger row)
    {
        _chargerKeys.Add(key);
        _chargerIds.Add(row.Id);
        _chargerBoxes.Add(row.ChargeBoxId.Value);
        _chargerTenants.Add(row.Tenant.Value);
        _chargerNames.Add(PostgresText.Clean(row.Name));
        _chargerLocations.Add(PostgresText.Clean(row.Location));
        _chargerRegistrations.Add(row.RegisteredAt.Stored());
        _chargerOnline.Add(row.IsOnline);
        _chargerVendors.Add(PostgresText.Clean(row.Vendor));
        _chargerModels.Add(PostgresText.Clean(row.Model));
        _chargerSerials.Add(PostgresText.Clean(row.SerialNumber));
        _chargerFirmwares.Add(PostgresText.Clean(row.FirmwareVersion));
        _chargerHeartbeats.Add(row.LastHeartbeat?.Stored());
        _chargerProtocols.Add(PostgresText.Clean(row.AssumeProtocol));
        _chargerGateways.Add(row.GatewayId);
        _chargerEpochs.Add(row.Epoch);
        _chargerWatches.Add(row.WatchAt?.Stored());
    }

    private void Add(Transaction row)
    {
        _transactionIds.Add(row.TransactionId);
        _transactionTenants.Add(row.Tenant.Value);
        _transactionBoxes.Add(row.ChargeBoxId.Value);
        _transactionChargers.Add(StoredText.ChargerKey(row.ChargeBoxId));
        _transactionConnectors.Add(row.ConnectorId);
        _transactionTags.Add(PostgresText.Clean(row.IdTag));
        _transactionMeterStarts.Add(row.MeterStart);
        _transactionStarts.Add(row.StartTime.Stored());
        _transactionMeterStops.Add(row.MeterStop);
        _transactionStops.Add(row.StopTime?.Stored());
        _transactionReasons.Add(PostgresText.Clean(row.StopReason));
        _transactionMeterLasts.Add(row.MeterLast);
        _transactionRemotes.Add(row.RemoteStarted);
    }
}

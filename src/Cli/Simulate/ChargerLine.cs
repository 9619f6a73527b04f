using Capacitor.Ocpp;
using Capacitor.Ocpp.Payloads;
using Capacitor.Ocpp.V16;

namespace Capacitor.Cli.Simulate;

/// <summary>
/// A charger's line to its server: connects and boots when there is something to say, comes back when it breaks, and says again what was not answered,
/// as chargers do with what concerns transactions.
/// </summary>
internal sealed class ChargerLine(ChargerIdentity identity, RemoteCommands commands, Progress progress, TimeProvider time, Random random, Endings endings)
    : IAsyncDisposable
{
    private readonly Backoff _backoff = new(random);
    private OcppConnection? _connection;
    private bool _isBooted;
    private string? _status;
    private TimeSpan _heartbeatInterval = TimeSpan.FromDays(1);
    private long _lastHeartbeat;

    /// <summary>Completes when the present connection ends.</summary>
    public Task Closed => _connection?.Closed ?? Task.CompletedTask;

    /// <summary>How long until a heartbeat is due, at the interval that the server gave.</summary>
    public TimeSpan UntilHeartbeat => _heartbeatInterval - time.GetElapsedTime(_lastHeartbeat);

    /// <summary>Connects and boots unless that is done.</summary>
    public async Task<OcppConnection> ConnectAsync()
    {
        while (true)
        {
            try
            {
                return _connection is { Closed.IsCompleted: false } ? _connection : await OpenAsync();
            }
            catch (UnreachableServerException failure) when (progress.HasEverConnected && !_backoff.IsExhausted(endings.AttemptsAllowed))
            {
                progress.Failed(failure.Message);
            }
            catch (ConnectionLostException failure)
            {
                progress.Failed(failure.Message);
            }

            await Task.Delay(_backoff.Next(), time, endings.Stop);
        }
    }

    /// <summary>Sends a call until it is answered; null when the answer is an error, which is counted.</summary>
    public async Task<TAnswer?> CallAsync<TRequest, TAnswer>(string action, TRequest request)
        where TRequest : class, IPayload<TRequest>
        where TAnswer : class, IPayload<TAnswer>
    {
        var payload = Ocpp16Writer.Serialize(request);
        while (true)
        {
            var connection = await ConnectAsync();
            try
            {
                return await CallAsync<TAnswer>(connection, action, payload);
            }
            catch (ConnectionLostException failure)
            {
                progress.Failed($"{identity.Id}: {failure.Message}");
            }

            await Task.Delay(_backoff.Next(), time, endings.Stop);
        }
    }

    /// <summary>Tells the connector's status, now and after every reconnect.</summary>
    public Task ReportAsync(string status)
    {
        _status = status;
        return CallAsync<StatusNotificationRequest, StatusNotificationResponse>(Ocpp16Actions.StatusNotification, Status(status));
    }

    public async Task BeatAsync()
    {
        _lastHeartbeat = time.GetTimestamp();
        await CallAsync<HeartbeatRequest, HeartbeatResponse>(Ocpp16Actions.Heartbeat, new HeartbeatRequest());
    }

    /// <summary>Hangs up; after a restart the charger boots again.</summary>
    public async Task HangUpAsync(bool isRestart)
    {
        _isBooted = !isRestart && _isBooted;
        if (_connection is { } connection)
        {
            _connection = null;
            progress.Disconnected();
            await using (connection)
            {
                await connection.CloseAsync(endings.Abort);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            progress.Disconnected();
            await connection.DisposeAsync();
        }
    }

    private async Task<OcppConnection> OpenAsync()
    {
        await DisposeAsync();
        var connection = await OcppConnection.OpenAsync(identity.Url, commands.Answer, time, endings.Stop);
        _connection = connection;
        progress.Connected();
        if (!_isBooted)
        {
            await BootAsync(connection);
        }
        else if (_status is { } status)
        {
            await CallAsync<StatusNotificationResponse>(connection, Ocpp16Actions.StatusNotification, Ocpp16Writer.Serialize(Status(status)));
        }

        _backoff.Reset();
        return connection;
    }

    private async Task BootAsync(OcppConnection connection)
    {
        while (true)
        {
            var answer = await CallAsync<BootNotificationResponse>(connection, Ocpp16Actions.BootNotification, Ocpp16Writer.Serialize(identity.Boot));
            var interval = TimeSpan.FromSeconds(answer is { Interval: > 0 } ? answer.Interval : 60);
            if (answer?.Status == RegistrationStatuses.Accepted)
            {
                (_isBooted, _heartbeatInterval, _lastHeartbeat) = (true, interval, time.GetTimestamp());
                return;
            }

            await Task.Delay(interval, time, endings.Stop);
        }
    }

    private async Task<TAnswer?> CallAsync<TAnswer>(OcppConnection connection, string action, byte[] payload)
        where TAnswer : class, IPayload<TAnswer>
    {
        var frame = await connection.CallAsync(action, payload, endings.Abort);
        progress.Answered();
        if (frame.Kind == OcppFrameKind.CallError)
        {
            progress.Failed($"{identity.Id}: {action} was answered with {frame.ErrorCode} {frame.ErrorDescription}");
            return null;
        }

        var reading = Ocpp16Reader.Read<TAnswer>(frame.Payload);
        if (!reading.IsUsable)
        {
            progress.Failed($"{identity.Id}: the answer to {action} cannot be used: {reading.Violation}");
        }

        return reading.Value;
    }

    private StatusNotificationRequest Status(string status) =>
        new() { ConnectorId = 1, ErrorCode = ConnectorErrorCodes.NoError, Status = status, Timestamp = time.GetUtcNow() };
}

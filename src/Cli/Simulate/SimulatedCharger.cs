using System.Diagnostics.CodeAnalysis;
using Capacitor.Ocpp.V16;

namespace Capacitor.Cli.Simulate;

/// <summary>One charger with one connector, and the people who come and go.</summary>
[SuppressMessage("Security", "CA5394", Justification = "Chargers are simulated here, not secrets.")]
internal sealed class SimulatedCharger(ChargerLine line, RemoteCommands commands, Pace pace, Progress progress, TimeProvider time, Random random, Endings endings)
{
    private static readonly TimeSpan SampleInterval = TimeSpan.FromMinutes(1);
    private static readonly int[] Powers = [3_700, 7_400, 11_000, 22_000];

    private readonly Meter _meter = new(random.Next(10_000, 5_000_000));
    private Task<bool>? _wish;

    /// <summary>Lives until it is told to stop, or one session long.</summary>
    public async Task LiveAsync(bool once)
    {
        do
        {
            await line.ReportAsync(ConnectorStatuses.Available);
            var wish = await RestFreeAsync(Minutes(1, 8));
            if (wish is null or Wish.Start)
            {
                wish = await ChargeAsync((wish as Wish.Start)?.IdTag, once);
            }

            if (wish is Wish.Leave)
            {
                break;
            }

            if (wish is Wish.Restart)
            {
                await line.HangUpAsync(isRestart: true);
                await pace.WaitAsync(TimeSpan.FromSeconds(20), endings.Stop);
            }
        }
        while (!once);

        if (once)
        {
            await line.ReportAsync(ConnectorStatuses.Available);
        }

        await line.HangUpAsync(isRestart: false);
    }

    /// <summary>Somebody charges; returns the wish that cut it short, if one did that is not settled by it.</summary>
    private async Task<Wish?> ChargeAsync(string? remoteIdTag, bool once)
    {
        await line.ReportAsync(ConnectorStatuses.Preparing);
        if (remoteIdTag is null)
        {
            // The car is plugged in, so the server may still be quicker than the card.
            var wish = await RestFreeAsync(Seconds(5, 20));
            if (wish is Wish.Leave or Wish.Restart)
            {
                return wish;
            }

            remoteIdTag = (wish as Wish.Start)?.IdTag;
        }

        var idTag = remoteIdTag ?? $"TAG{random.Next(1, 1000):D5}";
        if (remoteIdTag is null)
        {
            var authorized = await line.CallAsync<AuthorizeRequest, AuthorizeResponse>(Ocpp16Actions.Authorize, new AuthorizeRequest { IdTag = idTag });
            if (authorized?.IdTagInfo.Status != AuthorizationStatuses.Accepted)
            {
                return null;
            }
        }

        var started = await line.CallAsync<StartTransactionRequest, StartTransactionResponse>(
            Ocpp16Actions.StartTransaction,
            new StartTransactionRequest { ConnectorId = 1, IdTag = idTag, MeterStart = _meter.WattHours, Timestamp = time.GetUtcNow() });
        if (started is null)
        {
            return null;
        }

        return await ChargeAsync(started, idTag, once ? 3 : random.Next(15, 60));
    }

    private async Task<Wish?> ChargeAsync(StartTransactionResponse started, string idTag, int samples)
    {
        progress.Started();
        commands.Transaction = started.TransactionId;
        var isWelcome = started.IdTagInfo.Status == AuthorizationStatuses.Accepted;
        Wish? wish = null;
        if (isWelcome)
        {
            await line.ReportAsync(ConnectorStatuses.Charging);
            wish = await FlowAsync(started.TransactionId, samples);
        }

        commands.Transaction = 0;
        _meter.Watts = 0;
        await line.ReportAsync(ConnectorStatuses.Finishing);
        await line.CallAsync<StopTransactionRequest, StopTransactionResponse>(
            Ocpp16Actions.StopTransaction,
            new StopTransactionRequest
            {
                TransactionId = started.TransactionId,
                IdTag = idTag,
                MeterStop = _meter.WattHours,
                Timestamp = time.GetUtcNow(),
                Reason = isWelcome ? Reason(wish) : StopReasons.DeAuthorized,
            });
        progress.Stopped();
        return wish is null or Wish.Stop ? await RestAsync(Seconds(10, 60)) : wish;
    }

    private async Task<Wish?> FlowAsync(int transactionId, int samples)
    {
        _meter.Watts = Powers[random.Next(Powers.Length)];
        for (var sample = 0; sample < samples; sample++)
        {
            if (await RestAsync(SampleInterval) is { } wish)
            {
                return wish;
            }

            _meter.Pass(SampleInterval);
            await line.CallAsync<MeterValuesRequest, MeterValuesResponse>(
                Ocpp16Actions.MeterValues,
                new MeterValuesRequest
                {
                    ConnectorId = 1,
                    TransactionId = transactionId,
                    MeterValue = [_meter.Read(time.GetUtcNow(), ReadingContexts.SamplePeriodic)],
                });
        }

        return null;
    }

    /// <summary>Rests while the server may begin a transaction.</summary>
    private async Task<Wish?> RestFreeAsync(TimeSpan life)
    {
        commands.IsFree = true;
        var wish = await RestAsync(life);
        commands.IsFree = false;
        return wish;
    }

    /// <summary>Waits, with heartbeats and reconnects as they are due; returns what somebody wants meanwhile, or null when the time is over.</summary>
    private async Task<Wish?> RestAsync(TimeSpan life)
    {
        var length = pace.Real(life);
        var since = time.GetTimestamp();
        while (true)
        {
            if (commands.Wishes.TryRead(out var wish))
            {
                return wish;
            }

            if (endings.Stop.IsCancellationRequested)
            {
                return new Wish.Leave();
            }

            if (line.UntilHeartbeat <= TimeSpan.Zero)
            {
                await line.BeatAsync();
            }

            await line.ConnectAsync();
            var left = length - time.GetElapsedTime(since);
            if (left <= TimeSpan.Zero)
            {
                return null;
            }

            await WakeAsync(left < line.UntilHeartbeat ? left : line.UntilHeartbeat);
        }
    }

    private async Task WakeAsync(TimeSpan wait)
    {
        if (_wish is null or { IsCompleted: true })
        {
            _wish = commands.Wishes.WaitToReadAsync(CancellationToken.None).AsTask();
        }

        using var awake = CancellationTokenSource.CreateLinkedTokenSource(endings.Stop);
        await Task.WhenAny(_wish, line.Closed, Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, time, awake.Token));
        await awake.CancelAsync();
    }

    private static string Reason(Wish? wish) => wish switch
    {
        Wish.Stop => StopReasons.Remote,
        Wish.Restart { IsHard: true } => StopReasons.HardReset,
        Wish.Restart => StopReasons.SoftReset,
        _ => StopReasons.Local,
    };

    private TimeSpan Minutes(int from, int to) => TimeSpan.FromMinutes(from + ((to - from) * random.NextDouble()));

    private TimeSpan Seconds(int from, int to) => TimeSpan.FromSeconds(from + ((to - from) * random.NextDouble()));
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Threading.Channels;
using Capacitor.Testing;

namespace Capacitor.Cluster.Tests;

/// <summary>
/// A charger that lives through faults as real ones do: it connects to any Api, comes back when it lost its connection, and repeats what was not answered
/// under the same message id until it is. What was answered it writes down.
/// </summary>
internal sealed class RoamingCharger(Cluster cluster, string id) : IAsyncDisposable
{
    private const int MetersPerSession = 4;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly DateTimeOffset Begin = new(2026, 2, 6, 12, 0, 0, TimeSpan.Zero);

    private readonly List<string> _told = [];
    private readonly ConcurrentQueue<string> _mishaps = new();
    private readonly ConcurrentDictionary<string, bool> _commands = new();
    private TaskCompletionSource _answered = NewSignal();
    private FakeCharger? _connection;
    private string _doing = "nothing yet";
    private int _transaction;
    private long _messages;

    public string Id => id;

    /// <summary>The events that must exist, one for each call that was answered, in order.</summary>
    public IReadOnlyList<string> Told => _told;

    /// <summary>What a charger should not have to see: CALLERRORs, refusals, silence.</summary>
    public IReadOnlyCollection<string> Mishaps => _mishaps;

    public List<int> Transactions { get; } = [];

    /// <summary>How often it gave up waiting, and cut its connection.</summary>
    public int Cuts { get; private set; }

    public TimeSpan LongestPause { get; private set; }

    /// <summary>True when this command reached the charger.</summary>
    public bool Got(string idTag) => _commands.ContainsKey(idTag);

    /// <summary>Charges until it is told to stop; ends when nothing is unanswered.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var ticks = new PeriodicTimer(Pace * (0.9 + (Random.Shared.NextDouble() / 5)));
        foreach (var (action, payload, tell) in Script())
        {
            if (stop.IsCancellationRequested)
            {
                return;
            }

            await ticks.WaitForNextTickAsync(CancellationToken.None);
            var answer = await SendAsync(action, payload);
            _told.Add(tell(answer));
            Interlocked.Exchange(ref _answered, NewSignal()).SetResult();
        }
    }

    /// <summary>Waits until a call was answered that was made after now.</summary>
    public async Task WaitForAnswerAsync()
    {
        try
        {
            await Volatile.Read(ref _answered).Task.WaitAsync(Patience);
            await Volatile.Read(ref _answered).Task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{id} gets no answer: {_doing}. {string.Join("; ", _mishaps)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            await connection.DisposeAsync();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Every call tells something that no other does, so each event can be told from all others.
    private IEnumerable<(string Action, string Payload, Func<FakeAnswer, string> Tell)> Script()
    {
        yield return ("BootNotification", ChargerMessages.Boot(), _ => "boot 1.0");
        for (var session = 0; ; session++)
        {
            var start = Begin.AddMinutes(session);
            var meter = session * 100;
            yield return Status("Preparing", session);
            yield return ("StartTransaction", ChargerMessages.Start(1, "TAG", meter, start), Started);
            yield return Status("Charging", session);
            for (var i = 1; i <= MetersPerSession; i++)
            {
                var now = meter + i;
                yield return ("MeterValues", ChargerMessages.Meter(_transaction, now, start.AddSeconds(i)), _ => $"updated {_transaction} {now}");
            }

            yield return ("StopTransaction", ChargerMessages.Stop(_transaction, meter + 50, start.AddSeconds(30)), _ => $"stopped {_transaction} {meter + 50}");
            yield return Status("Available", session);

            string Started(FakeAnswer answer)
            {
                _transaction = answer.Payload.GetProperty("transactionId").GetInt32();
                Transactions.Add(_transaction);
                return $"started {_transaction} {meter}";
            }
        }
    }

    private static (string Action, string Payload, Func<FakeAnswer, string> Tell) Status(string status, int session) =>
        ("StatusNotification", ChargerMessages.Status(1, status, $"{session}"), _ => $"status {status} {session}");

    private async Task<FakeAnswer> SendAsync(string action, string payload)
    {
        var message = $"{id}-{++_messages}";
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                _doing = $"connecting for {action} {message}";
                var connection = _connection ??= await ConnectAsync();
                _doing = $"waiting for {action} {message}";
                var answer = await connection.CallAsync(action, payload, message);
                if (!answer.IsError)
                {
                    var took = Stopwatch.GetElapsedTime(began);
                    LongestPause = took > LongestPause ? took : LongestPause;
                    return answer;
                }

                _mishaps.Enqueue($"{action}: CALLERROR {answer.ErrorCode} {answer.ErrorDescription}");
                await PauseAsync();
            }
            catch (TimeoutException)
            {
                _mishaps.Enqueue($"silence while {_doing}");
                await HangUpAsync();
            }
            catch (Exception gone) when (IsGone(gone))
            {
                await HangUpAsync();
            }
        }
    }

    private static bool IsGone(Exception failure) => failure is IOException or WebSocketException or InvalidOperationException or OperationCanceledException;

    private async Task<FakeCharger> ConnectAsync()
    {
        while (true)
        {
            try
            {
                var connection = await FakeCharger.ConnectAsync(cluster.AnyApi().OcppUrl, id);
                _ = ObeyAsync(connection);
                return connection;
            }
            catch (HandshakeRefusedException refused)
            {
                if (refused.Status != 503)
                {
                    _mishaps.Enqueue($"handshake: {refused.Status}");
                }
            }
            catch (TimeoutException)
            {
                _mishaps.Enqueue("handshake: silence");
            }
            catch (WebSocketException)
            {
                // Nobody listens there any more.
            }

            await PauseAsync();
        }
    }

    private async Task HangUpAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            Cuts += connection.IsOpen ? 1 : 0;
            await connection.DisposeAsync();
            await PauseAsync();
        }
    }

    /// <summary>What a charger leaves between two tries; no two the same.</summary>
    private static Task PauseAsync() => Task.Delay(Random.Shared.Next(100, 400));

    private async Task ObeyAsync(FakeCharger connection)
    {
        try
        {
            await foreach (var command in connection.Calls.ReadAllAsync())
            {
                if (command.Action == "RemoteStartTransaction")
                {
                    _commands[command.Payload.GetProperty("idTag").GetString()!] = true;
                }

                await connection.AnswerAsync(command, """{"status":"Accepted"}""");
            }
        }
        catch (Exception gone) when (IsGone(gone) || gone is ChannelClosedException or TimeoutException)
        {
            // The next connection gets the next commands.
        }
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Threading.Channels;
using Capacitor.Testing;

namespace Capacitor.Cluster.Tests;

/// <summary>
/// A charger that lives through faults as real ones do: it connects to any Api, comes back when it lost its connection, and repeats what was not answered
/// under the same message id until it is. What was answered it writes down. A slow one takes its time to answer a command.
/// </summary>
internal sealed class RoamingCharger(Cluster cluster, string id, bool isSlow = false) : IAsyncDisposable
{
    private const int MetersPerSession = 4;
    private const int ServiceUnavailable = 503;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly DateTimeOffset Begin = new(2026, 2, 6, 12, 0, 0, TimeSpan.Zero);

    private readonly List<string> _told = [];
    private readonly ConcurrentQueue<Mishap> _mishaps = new();
    private readonly ConcurrentDictionary<string, bool> _commands = new();
    private readonly List<RoamingSocket> _sockets = [];
    private TaskCompletionSource _answered = NewSignal();
    private RoamingSocket? _socket;
    private volatile bool _isGivenUp;
    private string _doing = "nothing yet";
    private int _transaction;
    private long _messages;

    public string Id => id;

    public bool IsSlow => isSlow;

    /// <summary>The events that must exist, one for each call that was answered, in order.</summary>
    public IReadOnlyList<string> Told => _told;

    /// <summary>What a charger should not have to see: CALLERRORs, refusals, silence.</summary>
    public IReadOnlyCollection<Mishap> Mishaps => _mishaps;

    /// <summary>Every socket that was opened, in order.</summary>
    public IReadOnlyList<RoamingSocket> Sockets => _sockets;

    public List<int> Transactions { get; } = [];

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
            throw new TimeoutException($"{id} gets no answer: {_doing}. {string.Join("; ", _mishaps.Select(mishap => mishap.Text))}");
        }
    }

    /// <summary>Lets go of its socket for good. What it was about to say it does not say.</summary>
    public async ValueTask DisposeAsync()
    {
        _isGivenUp = true;
        if (Interlocked.Exchange(ref _socket, null) is { } socket)
        {
            await CutAsync(socket);
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
            ObjectDisposedException.ThrowIf(_isGivenUp, this);
            if (await TrySendAsync(action, payload, message) is { } answer)
            {
                var took = Stopwatch.GetElapsedTime(began);
                LongestPause = took > LongestPause ? took : LongestPause;
                return answer;
            }

            await PauseAsync();
        }
    }

    /// <summary>The answer; null when the charger has to try again.</summary>
    private async Task<FakeAnswer?> TrySendAsync(string action, string payload, string message)
    {
        _doing = $"connecting for {action} {message}";
        var socket = _socket ??= await TryConnectAsync();
        if (socket is null)
        {
            return null;
        }

        _doing = $"waiting for {action} {message}";
        try
        {
            var answer = await socket.Connection.CallAsync(action, payload, message);
            socket.HasAnswered = true;
            if (!answer.IsError)
            {
                return answer;
            }

            _mishaps.Enqueue(new Mishap($"{action}: CALLERROR {answer.ErrorCode} {answer.ErrorDescription}", SaysTryAgain: answer.ErrorCode == "InternalError"));
        }
        catch (TimeoutException)
        {
            _mishaps.Enqueue(new Mishap($"silence while {_doing}"));
            await HangUpAsync();
        }
        catch (Exception gone) when (IsGone(gone))
        {
            await HangUpAsync();
        }

        return null;
    }

    private static bool IsGone(Exception failure) => failure is IOException or WebSocketException or InvalidOperationException or OperationCanceledException;

    private async Task<RoamingSocket?> TryConnectAsync()
    {
        var run = cluster.AnyApi().Run;
        try
        {
            var socket = new RoamingSocket(await FakeCharger.ConnectAsync(run.OcppUrl, id), run);
            _sockets.Add(socket);
            _ = ObeyAsync(socket.Connection);
            return socket;
        }
        catch (HandshakeRefusedException refused)
        {
            // One that stops is still found by who looks for a server, and refuses rightly.
            if (refused.Status != ServiceUnavailable || run.End != RunEnd.Stopped)
            {
                _mishaps.Enqueue(new Mishap($"handshake: {refused.Status}", SaysTryAgain: refused.Status == ServiceUnavailable));
            }
        }
        catch (TimeoutException)
        {
            _mishaps.Enqueue(new Mishap("handshake: silence"));
        }
        catch (WebSocketException)
        {
            // Nobody listens there any more.
        }

        return null;
    }

    private async Task HangUpAsync()
    {
        if (Interlocked.Exchange(ref _socket, null) is { } socket)
        {
            await CutAsync(socket);
        }
    }

    private static async Task CutAsync(RoamingSocket socket)
    {
        socket.IsCut = socket.Connection.IsOpen;
        await socket.Connection.DisposeAsync();
    }

    /// <summary>What a charger leaves between two tries; no two the same.</summary>
    private static Task PauseAsync() => Task.Delay(Random.Shared.Next(100, 400));

    /// <summary>Of a charger that looks at its cable first.</summary>
    private static Task ThinkAsync() => Task.Delay(Random.Shared.Next(5_000, 12_000));

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

                await (isSlow ? ThinkAsync() : Task.CompletedTask);
                await connection.AnswerAsync(command, """{"status":"Accepted"}""");
            }
        }
        catch (Exception gone) when (IsGone(gone) || gone is ChannelClosedException or TimeoutException)
        {
            // The next connection gets the next commands.
        }
    }
}

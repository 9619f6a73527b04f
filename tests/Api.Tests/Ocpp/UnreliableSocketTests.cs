using System.Globalization;
using System.Net.WebSockets;
using Capacitor.Events;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.Api.Tests.Ocpp;

/// <summary>
/// Chargers that repeat themselves, cut their sockets before they read the answer, and open new ones while the old are still there, the same in every run:
/// whatever the order, each session yields one started and one stopped event.
/// </summary>
[Collection(EdgeCollection.Name)]
public sealed class UnreliableSocketTests(EdgeFixture edge)
{
    private const int Chargers = 8;
    private const int Sessions = 8;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task AnyInterleaving_OfRepeatsCutsAndTakeOvers_YieldsOneStartAndOneStop(int seed) =>
        await Task.WhenAll(Enumerable.Range(0, Chargers).Select(n => LiveAsync(new Random((seed * 100) + n))));

    private async Task LiveAsync(Random random)
    {
        var id = await edge.AddChargerAsync();
        await using var charger = new Unreliable(random, () => edge.ConnectAsync(id));
        var transactions = new List<int>();
        for (var session = 0; session < Sessions; session++)
        {
            transactions.Add(await charger.ChargeAsync(session));
        }

        Assert.Equal(transactions, await TransactionsAsync(id, EventTypes.TransactionStarted));
        Assert.Equal(transactions, await TransactionsAsync(id, EventTypes.TransactionStopped));
        Assert.Equal(Sessions, transactions.Distinct().Count());
    }

    private async Task<IEnumerable<int>> TransactionsAsync(string id, string type) =>
        (await edge.EventsAsync(id, type)).Select(told => told.GetProperty("data").GetProperty("transactionId").GetInt32());

    private sealed class Unreliable(Random random, Func<Task<FakeCharger>> connect) : IAsyncDisposable
    {
        private static readonly DateTimeOffset Begin = new(2026, 2, 6, 12, 0, 0, TimeSpan.Zero);

        private readonly List<FakeCharger> _sockets = [];
        private int _lastId;

        public async Task<int> ChargeAsync(int session)
        {
            var connector = random.Next(1, 3);
            var begin = Begin.AddMinutes(session * 10);
            var started = await SendUntilAnsweredAsync(
                "StartTransaction", $$"""{"connectorId":{{connector}},"idTag":"TAG","meterStart":{{session * 100}},"timestamp":"{{Text(begin)}}"}""");
            var transaction = started.Payload.GetProperty("transactionId").GetInt32();
            await SendUntilAnsweredAsync("MeterValues", $$"""
                {"connectorId":{{connector}},"transactionId":{{transaction}},"meterValue":[{"timestamp":"{{Text(begin.AddMinutes(1))}}","sampledValue":[{"value":"{{(session * 100) + 1}}"}]}]}
                """);
            await SendUntilAnsweredAsync(
                "StopTransaction", $$"""{"transactionId":{{transaction}},"meterStop":{{(session * 100) + 50}},"timestamp":"{{Text(begin.AddMinutes(5))}}"}""");
            return transaction;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var socket in _sockets)
            {
                await socket.DisposeAsync();
            }
        }

        private async Task<FakeAnswer> SendUntilAnsweredAsync(string action, string payload)
        {
            var id = NewId();
            while (true)
            {
                id = random.Next(2) == 0 ? id : NewId();
                var frame = $"[2,\"{id}\",\"{action}\",{payload}]";
                try
                {
                    var socket = _sockets.Count > 0 ? _sockets[^1] : await ReconnectAsync();
                    switch (random.Next(7))
                    {
                        case 0:
                            await socket.SendRawAsync(frame);
                            socket.Cut();
                            await ReconnectAsync();
                            break;
                        case 1:
                            await socket.SendRawAsync(frame);
                            await ReconnectAsync();
                            await socket.SendRawAsync(frame);
                            break;
                        case 2:
                            await ReconnectAsync();
                            await Task.WhenAll(socket.SendRawAsync(frame), _sockets[^1].SendRawAsync(frame));
                            break;
                        case 3:
                            await Answered(socket.CallAsync(action, payload, id)); // and lost
                            break;
                        case 4:
                            var first = socket.CallAsync(action, payload, id);
                            await socket.SendRawAsync(frame);
                            return await Answered(first);
                        default:
                            return await Answered(socket.CallAsync(action, payload, id));
                    }
                }
                catch (Exception gone) when (gone is IOException or WebSocketException or OperationCanceledException or ObjectDisposedException)
                {
                    // The socket was taken over or cut: as a charger does, dial and say it again.
                    await ReconnectAsync();
                }
            }
        }

        private static async Task<FakeAnswer> Answered(Task<FakeAnswer> call)
        {
            var answer = await call;
            Assert.False(answer.IsError, answer.ErrorDescription);
            return answer;
        }

        private async Task<FakeCharger> ReconnectAsync()
        {
            var socket = await connect();
            _sockets.Add(socket);
            return socket;
        }

        private string NewId() => $"u{++_lastId}";

        private static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }
}

using System.Text.Json;
using Capacitor.Events;
using Capacitor.Grains.Webhooks;
using Capacitor.Testing;
using Capacitor.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Capacitor.Grains.Tests.Webhooks;

/// <summary>
/// Whatever happens to a process, its clock, its stores and the endpoint: in the end every event that a webhook wants is on record as delivered, exhausted, expired
/// or superseded, and no other is. Each seed is another story, the same every time but for the order in which sockets are served.
/// </summary>
public sealed class EveryEventEndsTests
{
    private const int Steps = 60;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 30), 210, 230, 330, 370];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task WhateverHappens_EveryEventEnds(int seed)
    {
        await using var story = await Story.BeginAsync(seed);
        for (var step = 0; step < Steps; step++)
        {
            await story.StepAsync();
        }

        await story.EndAsync();
        story.AssertEverythingEnded();
    }

    private sealed class Story : IAsyncDisposable
    {
        private static readonly string[] Types = [EventTypes.ConnectorStatusChanged, EventTypes.TransactionUpdated, EventTypes.TransactionStarted, EventTypes.ChargerBoot];
        private static readonly string[] Wanted = [EventTypes.ConnectorStatusChanged, EventTypes.TransactionUpdated, EventTypes.TransactionStarted];

        private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 2, 6, 12, 0, 0, TimeSpan.Zero));
        private readonly Random _random;
        private readonly List<JournalEvent> _events = [];
        private readonly MemoryDeliveries _log = new();
        private readonly ListJournal _journal;
        private readonly WebhookPolicy _policy;
        private readonly List<Mortal> _processes = [];
        private readonly HashSet<string> _askedFor = [];
        private WebhookReceiver _receiver = null!;
        private DeliveryPump _pump = null!;
        private long _saved;

        private Story(int seed)
        {
            _random = new Random(seed);
            _journal = new ListJournal(_time);
            _policy = new WebhookPolicy
            {
                Retry = seed % 4 == 0 ? null : new RetryPolicy { MaxAttempts = 1 + (seed % 10) },
                StrictOrder = seed % 3 == 0,
                StrictFor = TimeSpan.FromMinutes(1 + (seed % 60)),
                Conflate = seed % 2 == 0 ? [EventTypes.TransactionUpdated, EventTypes.ConnectorStatusChanged] : [],
            };
        }

        public static async Task<Story> BeginAsync(int seed)
        {
            var story = new Story(seed) { _receiver = await WebhookReceiver.StartAsync() };
            await story.StartProcessAsync();
            return story;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var process in _processes)
            {
                process.Die();
                await process.DisposeAsync();
            }

            await _receiver.DisposeAsync();
        }

        public async Task StepAsync()
        {
            switch (_random.Next(15))
            {
                case 0 or 1 or 2 or 3:
                    Append(1 + _random.Next(40));
                    break;
                case 4:
                    _receiver.Answer = AnyAnswer();
                    break;
                case 5 or 6:
                    _time.Advance(TimeSpan.FromSeconds(_random.Next(1, 30)));
                    break;
                case 7:
                    _time.Advance(TimeSpan.FromHours(_random.NextDouble() * 5));
                    break;
                case 8: // somebody sets the clock
                    _time.AdjustTime(_time.GetUtcNow() + TimeSpan.FromMinutes(_random.Next(-90, 90)));
                    break;
                case 9:
                    _log.FailingWrites = _random.Next(3);
                    _journal.FailingReads = _random.Next(3);
                    break;
                case 10:
                    _saved = _pump.Position; // as the grain does every second
                    break;
                case 11:
                    await RedeliverAsync();
                    break;
                case 12:
                    Replay();
                    break;
                case 13:
                    await RestartAsync();
                    break;
                default:
                    await KillAsync();
                    break;
            }

            await Task.Delay(_random.Next(3)); // sockets are not on our clock; how far they come in between is part of the story
        }

        /// <summary>All is well at last, for as long as it takes.</summary>
        public async Task EndAsync()
        {
            (_log.FailingWrites, _journal.FailingReads) = (0, 0);
            _receiver.Answer = ReceiverAnswers.Status(200);
            await _log.UntilAsync(_pump.ToString, () =>
            {
                _time.Advance(TimeSpan.FromSeconds(2)); // less than an attempt may take
                if (_pump.InFlight == 0)
                {
                    _time.Advance(TimeSpan.FromMinutes(30));
                }

                return !_pump.IsBusy;
            });
        }

        public void AssertEverythingEnded()
        {
            var rows = _log.All.ToDictionary(row => row.Position);
            var received = _receiver.Received.ToLookup(webhook => webhook.Id);
            foreach (var item in _events)
            {
                if (!Wanted.Contains(item.Type))
                {
                    Assert.False(rows.ContainsKey(item.Position) || received.Contains(item.Id), $"{item.Id} was not wanted.");
                    continue;
                }

                Assert.True(rows.TryGetValue(item.Position, out var row), $"{item.Id} ended as nothing.");
                Assert.NotEqual(DeliveryStatus.Pending, row.Status);
                Assert.All(received[item.Id], webhook => Assert.Equal(item.Body, webhook.Body));
                switch (row.Status)
                {
                    case DeliveryStatus.Delivered:
                        Assert.NotEmpty(received[item.Id]);
                        Assert.Contains(row.Attempts, attempt => attempt.Outcome == "delivered");
                        break;
                    case DeliveryStatus.Exhausted:
                        Assert.True(row.AttemptCount == row.Budget && (_askedFor.Contains(row.Id) || row.Budget >= (_policy.Retry?.MaxAttempts ?? 1)), $"{item.Id}: {row.AttemptCount} of {row.Budget}");
                        Assert.Contains(row.Attempts, attempt => attempt.Outcome != "delivered");
                        break;
                    case DeliveryStatus.Expired:
                        Assert.All(row.Attempts, attempt => Assert.Equal(AttemptTrigger.Replay, attempt.Trigger));
                        Assert.True(row.AttemptCount > 0 || row.UpdatedAt - row.EventAt > new WebhookOptions().MaxEventAge, $"{item.Id} expired before its time.");
                        break;
                    default:
                        Assert.True(_policy.Conflate.Count > 0 && _events.Exists(other => TakesThePlaceOf(other, item)), $"Nothing took the place of {item.Id}.");
                        break;
                }

                Assert.Equal(row.Attempts.Select(attempt => attempt.Number).Distinct(), row.Attempts.Select(attempt => attempt.Number));
            }

            Assert.Equal(_events.Count(item => Wanted.Contains(item.Type)), rows.Count);
            Assert.Equal(_events[^1].Position, _pump.Position);
        }

        private async Task StartProcessAsync()
        {
            var process = new Mortal(_journal, _log, _time);
            _processes.Add(process);
            _pump = process.Parts.Pump(PumpParts.Settings(_receiver.Url, events: Wanted) with { Policy = _policy }, _saved);
            _pump.Restore(await _log.ListPendingAsync("wh_1", 1_000), await _log.ListPositionsAsync("wh_1", _saved, long.MaxValue, DeliveryPump.MaxSpan));
            _pump.CatchUp(_events.Count);
        }

        private static bool TakesThePlaceOf(JournalEvent other, JournalEvent item) =>
            other.Position > item.Position && other.Type == item.Type && other.ChargeBoxId == item.ChargeBoxId && SubjectOf(other) == SubjectOf(item);

        private static int SubjectOf(JournalEvent item) => JsonElement.Parse(item.Body).GetProperty("data").GetProperty("connectorId").GetInt32();

        // As the grain does it.
        private async Task RedeliverAsync()
        {
            // With the store away, a flush ends when the story lets time pass: then the wish comes to nothing.
            var flushed = _processes[^1].Parts.Log.FlushAsync();
            if (await Task.WhenAny(flushed, Task.Delay(50)) == flushed && _log.All is { Count: > 0 } rows)
            {
                var row = rows[_random.Next(rows.Count)];
                var budget = row.Status == DeliveryStatus.Pending ? row.Budget : row.AttemptCount + 1;
                var again = row with { Status = DeliveryStatus.Pending, UpdatedAt = _time.GetUtcNow(), NextAttemptAt = _time.GetUtcNow(), Budget = budget };
                (_log.FailingWrites, _journal.FailingReads) = (0, 0);
                await _log.WriteAsync([again]);
                _pump.Redeliver(again);
                _askedFor.Add(row.Id);
            }
        }

        private void Replay()
        {
            if (_pump.Replaying is null)
            {
                _pump.Begin(new Replay
                {
                    Id = "rpl_1", Request = new ReplayRequest { MissedOnly = _random.Next(2) == 0 }, Status = ReplayStatus.Running, After = 0, Position = 0, UpTo = _pump.Position,
                    CreatedAt = _time.GetUtcNow(),
                });
            }
        }

        private async Task RestartAsync()
        {
            await _pump.StopAsync(TimeSpan.Zero); // of its grace, none is left
            _saved = _pump.Position;
            _processes[^1].Die();
            await StartProcessAsync();
        }

        // Nothing is said and nothing is saved; what had reached the stores is there.
        private async Task KillAsync()
        {
            _processes[^1].Die();
            await _pump.StopAsync(TimeSpan.Zero);
            await StartProcessAsync();
        }

        private void Append(int count)
        {
            var before = _events.Count;
            for (var i = 0; i < count; i++)
            {
                var subject = _random.Next(2);
                _events.Add(_journal.Append(
                    "C" + _random.Next(5), Types[_random.Next(Types.Length)],
                    body: $$"""{"event":"x","data":{"n":{{_events.Count}},"connectorId":{{subject}},"transactionId":{{subject}} } }"""));
            }

            if (_random.Next(5) > 0)
            {
                _pump.Offer(before, _events.Count, [.. _events.Skip(before).Where(item => Wanted.Contains(item.Type))]);
            }
            else
            {
                _pump.CatchUp(_events.Count); // the push was lost
            }
        }

        private ReceiverAnswer AnyAnswer() => _random.Next(8) switch
        {
            0 => ReceiverAnswers.Hang,
            1 => ReceiverAnswers.Status(500),
            2 => ReceiverAnswers.RetryAfter(503, "30"),
            3 => ReceiverAnswers.Status(429),
            4 => (context, _) =>
            {
                context.Abort();
                return Task.CompletedTask;
            },
            5 => ReceiverAnswers.StatusOf(webhook => webhook.Body.Length % 2 == 0 ? 200 : 500),
            _ => ReceiverAnswers.Status(200),
        };
    }

    /// <summary>A process on stores that others share. Once dead, it changes nothing any more.</summary>
    private sealed class Mortal : IAsyncDisposable
    {
        private readonly Line _line;

        public Mortal(ListJournal journal, MemoryDeliveries log, TimeProvider time)
        {
            _line = new Line(log);
            Parts = new PumpParts(time: time, journal: journal, deliveries: _line);
        }

        public PumpParts Parts { get; }

        public void Die() => _line.IsCut = true;

        public ValueTask DisposeAsync() => Parts.DisposeAsync();

        private sealed class Line(MemoryDeliveries log) : IDeliveryStore
        {
            private static readonly Task<bool> Never = new TaskCompletionSource<bool>().Task;

            public bool IsCut { get; set; }

            public async ValueTask WriteAsync(IReadOnlyList<DeliveryRecord> rows, CancellationToken cancellation = default) =>
                await (IsCut ? Never : log.WriteAsync(rows, cancellation).AsTask());

            public async ValueTask<DeliveryRecord?> FindAsync(string webhookId, string deliveryId, CancellationToken cancellation = default) =>
                IsCut && await Never ? null : await log.FindAsync(webhookId, deliveryId, cancellation);

            public ValueTask<DeliveryPage> ListAsync(string webhookId, DeliveryFilter filter, string? before, int limit, CancellationToken cancellation = default) =>
                throw new NotSupportedException();

            public ValueTask<IReadOnlyList<DeliveryRecord>> ListPendingAsync(string webhookId, int limit, CancellationToken cancellation = default) =>
                log.ListPendingAsync(webhookId, limit, cancellation);

            public ValueTask<IReadOnlyList<long>> ListPositionsAsync(
                string webhookId, long after, long upTo, int limit, DeliveryStatus? status = null, CancellationToken cancellation = default) =>
                log.ListPositionsAsync(webhookId, after, upTo, limit, status, cancellation);

            public ValueTask<int> CountPendingAsync(string webhookId, CancellationToken cancellation = default) => throw new NotSupportedException();

            public ValueTask<int> ExpirePendingAsync(string webhookId, DateTimeOffset now, CancellationToken cancellation = default) => throw new NotSupportedException();

            public ValueTask RemoveAsync(string webhookId, CancellationToken cancellation = default) => throw new NotSupportedException();
        }
    }
}

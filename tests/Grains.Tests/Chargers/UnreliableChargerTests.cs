using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Grains.Chargers;
using Capacitor.Ocpp.V16;
using Capacitor.Tenants;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Xunit;

namespace Capacitor.Grains.Tests.Chargers;

/// <summary>
/// A charger that loses answers, reconnects, is taken over and repeats itself, against a server whose commits may fail: whatever the order,
/// each session yields one started and one stopped event.
/// </summary>
public class UnreliableChargerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 2, 6, 12, 0, 0, TimeSpan.Zero);
    private static readonly DeepCopier Copier = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<DeepCopier>();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AnyInterleaving_OfRepeatsReconnectsAndLostCommits_YieldsOneStartAndOneStop(int seed)
    {
        for (var run = 0; run < 400; run++)
        {
            new Run(new Random((seed * 10_000) + run)).Live();
        }
    }

    private sealed class Run(Random random)
    {
        private readonly List<NewEvent> _events = [];
        private ChargerState _state = Registered();
        private DateTimeOffset _now = Noon;
        private int _ids;

        public void Live()
        {
            Commit(state => state.Attach("gateway", 1, _now));
            var sessions = random.Next(1, 5);
            for (var session = 0; session < sessions; session++)
            {
                Charge(connector: random.Next(1, 3), session);
            }

            var started = Of(EventTypes.TransactionStarted);
            Assert.Equal(sessions, started.Count);
            Assert.Equal(sessions, Of(EventTypes.TransactionStopped).Count);
            Assert.Equal(_events.Count, _events.Select(e => e.Id).Distinct().Count());
            Assert.Empty(_state.Open);
        }

        private void Charge(int connector, int session)
        {
            var tag = $"TAG{session}";
            var start = new StartReport(connector, tag, session * 1000, _now);
            int? known = null;
            SendUntilAnswered(giveUp: true, state =>
            {
                var id = state.FindRepeatedStart(start, _now);
                if (id is null)
                {
                    id = ++_ids;
                    state.Start(id.Value, start, false, _now);
                }

                return () => known = id;
            });

            for (var sample = 0; sample < random.Next(3); sample++)
            {
                var report = new MeterReport(connector, known, [], new MeterReading((session * 1000) + sample, null, null), (ulong)((session * 100) + sample + 1));
                SendUntilAnswered(giveUp: true, state =>
                {
                    state.Meter(report, _now);
                    return null;
                });
            }

            var stop = new StopReport(known ?? -1, tag, (session * 1000) + 500, _now.AddMinutes(5), "Local");
            SendUntilAnswered(giveUp: false, state =>
            {
                Assert.True(state.TryStop(stop, _now));
                return null;
            });
        }

        // Each try has a new message id; the answer may be lost after the commit, the commit may fail, the socket may change in between.
        private void SendUntilAnswered(bool giveUp, Func<ChargerState, Action?> handle)
        {
            var handled = false;
            while (true)
            {
                Action? answered = null;
                handled |= Commit(state => answered = handle(state));
                _now = _now.AddSeconds(random.Next(1, 200));
                if (handled && random.Next(3) > 0)
                {
                    answered?.Invoke();
                    return;
                }

                if (handled && giveUp && random.Next(4) == 0)
                {
                    return;
                }

                Disturb();
            }
        }

        private void Disturb()
        {
            switch (random.Next(4))
            {
                case 0:
                    Commit(state => state.Detach(DisconnectReason.Closed, _now));
                    while (!Commit(state => state.Attach("gateway", 1, _now)))
                    {
                    }

                    break;
                case 1:
                    Commit(state => state.Attach("other", 1, _now));
                    break;
                default:
                    break;
            }
        }

        private bool Commit(Action<ChargerState> change)
        {
            var before = Copier.Copy(_state);
            change(_state);
            if (random.Next(5) == 0)
            {
                _state = before;
                return false;
            }

            _events.AddRange(_state.Outbox.Events);
            _state.Outbox.Clear();
            return true;
        }

        private List<NewEvent> Of(string type) => _events.FindAll(e => e.Type == type);

        private static ChargerState Registered()
        {
            var state = new ChargerState();
            state.Register(new TenantId("acme"), new NewCharger { ChargeBoxId = new ChargeBoxId("CP1") }, Noon);
            state.Outbox.Clear();
            return state;
        }
    }
}

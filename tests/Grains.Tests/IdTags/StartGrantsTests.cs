using System.Reflection;
using Capacitor.Events;
using Capacitor.Grains.IdTags;
using Capacitor.IdTags;
using Capacitor.Tenants;
using Capacitor.Transactions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Capacitor.Grains.Tests.IdTags;

public class StartGrantsTests
{
    private static readonly IdTagId Tag = new(new TenantId("ten_1"), "TAG");

    private readonly FakeTimeProvider _time = new();
    private readonly HashSet<int> _open = [];
    private readonly HashSet<int> _stored = [];
    private readonly StartGrants _grants;
    private Action? _beforeCount;

    public StartGrantsTests()
    {
        var journal = DispatchProxy.Create<IJournalReader, Journal>();
        ((Journal)(object)journal).Of = this;
        _grants = new StartGrants(journal, _time);
    }

    [Fact]
    public async Task TryGrant_TwoBeforeEitherIsStored_LetsInOne()
    {
        Assert.True(await TryAsync("A", 1, 1));
        Assert.False(await TryAsync("B", 1, 2));
    }

    [Fact]
    public async Task TryGrant_TheSameConnectorAgain_DoesNotCountItself()
    {
        Assert.True(await TryAsync("A", 1, 1));
        Assert.True(await TryAsync("A", 1, 2)); // its commit failed, and the start comes again with another id
        Assert.False(await TryAsync("A", 2, 3));
    }

    [Fact]
    public async Task TryGrant_OnTopOfAnOpenOneThatItEnds_IsGranted()
    {
        Store(1);
        Assert.False(await TryAsync("A", 1, 2));
        Assert.True(await TryAsync("A", 1, 2, superseded: 1));
    }

    [Fact]
    public async Task TryGrant_WhenTheFirstIsStoredAndEnded_IsGranted()
    {
        Assert.True(await TryAsync("A", 1, 1));
        Store(1);
        Assert.False(await TryAsync("B", 1, 2));
        _open.Remove(1);
        Assert.True(await TryAsync("B", 1, 3));
    }

    [Fact]
    public async Task TryGrant_OneThatIsStoredBetweenTheLooks_IsCountedOnce()
    {
        Assert.True(await TryAsync("A", 1, 1, most: 2));
        _beforeCount = () => Store(1); // it is not there when grants are looked at, and is when rows are counted
        Assert.True(await TryAsync("B", 1, 2, most: 2));
        Assert.False(await TryAsync("C", 1, 3, most: 2));
    }

    [Fact]
    public async Task TryGrant_OneThatWasNeverStored_IsForgottenAfterAMinute()
    {
        Assert.True(await TryAsync("A", 1, 1));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(await TryAsync("B", 1, 2));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(await TryAsync("B", 1, 3));
    }

    private void Store(int id)
    {
        _open.Add(id);
        _stored.Add(id);
    }

    private Task<bool> TryAsync(string charger, int connector, int id, int superseded = 0, int most = 1) =>
        _grants.TryGrantAsync(Tag, new IdTagStart { Charger = charger, ConnectorId = connector, TransactionId = id, Superseded = superseded }, most);

    /// <summary>Knows which transactions are stored, and which are open.</summary>
    public class Journal : DispatchProxy
    {
        internal StartGrantsTests Of { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
        {
            nameof(IJournalReader.CountOpenTransactionsAsync) => new ValueTask<int>(Count()),
            nameof(IJournalReader.FindTransactionAsync) => new ValueTask<Transaction?>(Of._stored.Contains((int)args![1]!) ? Row((int)args[1]!) : null),
            _ => throw new NotSupportedException(targetMethod.Name),
        };

        private int Count()
        {
            Of._beforeCount?.Invoke();
            Of._beforeCount = null;
            return Of._open.Count;
        }

        private static Transaction Row(int id) => new()
        {
            TransactionId = id, Tenant = Tag.Tenant, ChargeBoxId = new("A"), ConnectorId = 1, IdTag = Tag.Text, MeterStart = 0, StartTime = DateTimeOffset.UnixEpoch,
        };
    }
}

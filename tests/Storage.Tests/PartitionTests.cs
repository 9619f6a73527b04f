using Capacitor.Events;
using Capacitor.Tenants;

namespace Capacitor.Storage.Tests;

public sealed class PartitionTests
{
    [Theory]
    [InlineData("default", 2)]
    [InlineData("ten_one", 3)]
    [InlineData("ten_two", 2)]
    public void PartitionOf_KnownTenant_IsTheSameForEver(string tenant, int partition) =>
        Assert.Equal(partition, Partitioning.PartitionOf(new(tenant), Partitioning.DefaultCount));

    [Fact]
    public void PartitionOf_ManyTenants_AreSpread() =>
        Assert.All(
            Enumerable.Range(0, 8000).GroupBy(n => Partitioning.PartitionOf(new("ten_" + n), 8)),
            partition => Assert.InRange(partition.Count(), 850, 1150));

    [Fact]
    public void PartitionOf_LongTenant_Works() => Assert.InRange(Partitioning.PartitionOf(new(new string('ü', 1000)), 8), 0, 7);

    [Fact]
    public void Tail_Overflowing_KeepsTheNewest()
    {
        PartitionTail tail = new(head: 10, capacity: 128);
        for (var position = 11L; position <= 1000; position += 3)
        {
            tail.Publish([.. Enumerable.Range(0, 3).Select(n => At(position + n))]);
            var oldest = Math.Max(10, tail.Head - 128);
            Assert.True(tail.TryRead(oldest, 1000, out var events));
            Assert.Equal(Enumerable.Range((int)oldest + 1, events.Length).Select(n => (long)n), events.Select(e => e.Position));
            Assert.Equal(tail.Head, events[^1].Position);
            Assert.False(tail.TryRead(oldest - 1, 1000, out _));
        }
    }

    [Fact]
    public void Tail_MoreThanItHoldsAtOnce_KeepsTheNewest()
    {
        PartitionTail tail = new(head: 0, capacity: 128);
        tail.Publish([.. Enumerable.Range(1, 1000).Select(n => At(n))]);

        Assert.True(tail.TryRead(900, 1000, out var events));
        Assert.Equal(100, events.Length);
        Assert.False(tail.TryRead(800, 1000, out _));
    }

    private static JournalEvent At(long position) =>
        new() { Position = position, Id = "evt", Type = EventTypes.ChargerBoot, Tenant = new TenantId("t"), ChargeBoxId = new("CP"), At = Make.Noon, Body = [] };
}

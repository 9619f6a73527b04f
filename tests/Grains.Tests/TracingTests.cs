using System.Diagnostics;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Grains.Tests.Webhooks;
using Capacitor.Grains.Webhooks;
using Capacitor.Tenants;

namespace Capacitor.Grains.Tests;

/// <summary>What tracing costs those who do not use it. That it works is shown end to end.</summary>
public sealed class TracingTests
{
    private const string TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Fact]
    public void Start_NobodyListens_MakesNothingAndAllocatesNothing()
    {
        var item = new JournalEvent
        {
            Id = "evt_1", Type = EventTypes.ChargerBoot, Tenant = new TenantId("t"), ChargeBoxId = new ChargeBoxId("CP-1"), At = default, Body = [], Position = 1, TraceParent = TraceParent,
        };
        var target = new WebhookTarget(PumpParts.Settings(new Uri("https://example.com/")));
        using var around = new Activity("of somebody else").Start();
        Assert.Equal(0, Spans(item, target)); // warms up, too

        var before = GC.GetAllocatedBytesForCurrentThread();
        var made = 0;
        for (var i = 0; i < 1000; i++)
        {
            made += Spans(item, target);
        }

        Assert.Equal((0, 0), (made, GC.GetAllocatedBytesForCurrentThread() - before));
        Assert.Same(around, Activity.Current);
    }

    // All that stands in the way of a message while nothing is traced.
    private static int Spans(JournalEvent item, WebhookTarget target)
    {
        return (Tracing.IsOn ? 1 : 0) + (Tracing.Current is null ? 0 : 1) + One(Tracing.StartRoot("ocpp Heartbeat", ActivityKind.Server)) + One(Tracing.Start("journal commit"))
            + One(Tracing.StartBelow(TraceParent, null, "POST", ActivityKind.Client)) + One(DeliveryTrace.Begin(item, target));
    }

    private static int One(Activity? span) => span is null ? 0 : 1;
}

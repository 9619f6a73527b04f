using System.Text;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Records;
using Capacitor.Tenants;
using Capacitor.Transactions;
using Capacitor.Webhooks;

namespace Capacitor.Storage.Tests;

internal static class Make
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly TenantId Tenant = new("ten_one");
    /// <summary>Another one of the same partition, so that the events of both alternate in it.</summary>
    public static readonly TenantId Neighbour = Enumerable.Range(0, 1000).Select(n => new TenantId($"ten_other_{n}"))
        .First(tenant => Partitioning.PartitionOf(tenant, Partitioning.DefaultCount) == Partitioning.PartitionOf(Tenant, Partitioning.DefaultCount));

    public static readonly ChargeBoxId ChargeBox = new("CP-1");

    public static NewEvent Event(string id, TenantId? tenant = null, string charger = "CP-1", string type = EventTypes.ChargerBoot, DateTimeOffset? at = null) => new()
    {
        Id = id,
        Type = type,
        Tenant = tenant ?? Tenant,
        ChargeBoxId = new(charger),
        At = at ?? Noon,
        Body = Encoding.UTF8.GetBytes($$$"""{"event":"{{{type}}}","data":{"id":"{{{id}}}"}}"""),
    };

    public static Charger Charger(string chargeBoxId, int registeredAfter = 0, TenantId? tenant = null) => new()
    {
        Id = "chg_" + chargeBoxId,
        ChargeBoxId = new(chargeBoxId),
        Tenant = tenant ?? Tenant,
        RegisteredAt = Noon.AddMinutes(registeredAfter),
    };

    public static Transaction Transaction(int id, string charger = "CP-1", TenantId? tenant = null) => new()
    {
        TransactionId = id,
        Tenant = tenant ?? Tenant,
        ChargeBoxId = new(charger),
        ConnectorId = 1,
        IdTag = "TAG",
        MeterStart = 100,
        StartTime = Noon.AddSeconds(id),
    };

    public static RecordRow Record(string id, int madeAfter = 0) => new()
    {
        Key = new(Tenant, RecordKinds.Command, id),
        At = Noon.AddMinutes(madeAfter),
        Body = [1],
    };

    public static DeliveryRecord Delivery(long position, DeliveryStatus status = DeliveryStatus.Delivered, int attempts = 1, string webhook = "wh_one") => new()
    {
        Id = DeliveryId.Derive(webhook, $"evt_{position}", position),
        WebhookId = webhook,
        Tenant = Tenant,
        Position = position,
        EventId = $"evt_{position}",
        EventType = EventTypes.ChargerBoot,
        ChargeBoxId = ChargeBox,
        EventAt = Noon.AddSeconds(position),
        Status = status,
        CreatedAt = Noon.AddSeconds(position),
        UpdatedAt = Noon.AddSeconds(position),
        NextAttemptAt = status == DeliveryStatus.Pending ? Noon.AddMinutes(position) : null,
        AttemptCount = attempts,
        Budget = 3,
        ExpiresAt = Noon.AddDays(30),
        Attempts = [.. Enumerable.Range(1, attempts).Select(Attempt)],
    };

    public static DeliveryAttempt Attempt(int number) => new() { Number = number, At = Noon.AddSeconds(number), Outcome = "delivered", Status = 200, Total = TimeSpan.FromMilliseconds(12) };

    public static JournalCommit Write(string key, long? expected, params NewEvent[] events) =>
        new() { Name = "charger", Key = key, ExpectedVersion = expected, Payload = [1, 2, 3], Events = events };
}

/// <summary>A folder of one test's own.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("capacitor-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

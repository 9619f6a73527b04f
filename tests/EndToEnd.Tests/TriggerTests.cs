using System.Net;
using Capacitor.Events;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.EndToEnd.Tests;

/// <summary>
/// What webhooks are for in charging, as those who sell them list it: each line is caused by a message of a charger or a call of the API, and arrives at a receiver, signed and as its schema says.
/// </summary>
public sealed class TriggerTests(TriggerTests.SharedServer shared) : IClassFixture<TriggerTests.SharedServer>
{
    private const string Later = "2099-01-01T00:00:00.000Z";

    private static readonly IReadOnlyList<Trigger> Triggers =
    [
        new("a session starts", [EventTypes.TransactionStarted], async scene => new { transactionId = await scene.BeginAsync(), scene.ChargeBoxId, idTag = "TAG" }),
        new("a session ends", [EventTypes.TransactionStopped], async scene =>
        {
            var transactionId = await scene.BeginAsync();
            await scene.SayAsync("StopTransaction", ChargerMessages.Stop(transactionId, 14_000, DateTimeOffset.UnixEpoch.AddYears(56).AddHours(1)));
            return new { transactionId, energyDelivered = 14 };
        }),
        new("a session fails to start", [EventTypes.TransactionStartFailed], async scene =>
        {
            await scene.CommandAsync("POST", "/transactions/start", new { scene.ChargeBoxId, connectorId = 1, idTag = "TAG" }, "Rejected", HttpStatusCode.Conflict);
            return new { scene.ChargeBoxId, connectorId = 1, idTag = "TAG" };
        }),
        new("a session fails to end", [EventTypes.TransactionStopFailed], async scene =>
        {
            var transactionId = await scene.BeginAsync();
            await scene.CommandAsync("POST", $"/transactions/{transactionId}/stop", null, "Rejected", HttpStatusCode.Conflict);
            return new { transactionId, scene.ChargeBoxId };
        }),
        new("a session makes a record of payment", [EventTypes.TransactionStarted, EventTypes.PaymentCompleted], async scene =>
        {
            var transactionId = await scene.BeginAsync();
            await scene.AskAsync("POST", "/payments", new { transactionId, amount = "14.50", currency = "EUR", status = "completed" });
            return new { transactionId };
        }),
        new("a payment is completed", [EventTypes.PaymentCompleted], async scene =>
        {
            var payment = await scene.AskAsync("POST", "/payments", new { amount = "14.50", currency = "EUR", status = "completed" });
            return new { paymentId = payment.GetProperty("id"), amount = "14.50", currency = "EUR" };
        }),
        new("a payment fails", [EventTypes.PaymentFailed], async scene =>
        {
            await scene.AskAsync("POST", "/payments", new { amount = "14.50", currency = "EUR", status = "failed", failureReason = "card_declined" });
            return new { amount = "14.50", failureReason = "card_declined" };
        }),
        new("a charger's status changes", [EventTypes.ConnectorStatusChanged, EventTypes.ChargerStatusChanged], async scene =>
        {
            await scene.SayAsync("StatusNotification", ChargerMessages.Status(1, "Preparing", ""));
            return new { scene.ChargeBoxId };
        }),
        new("a fault comes and goes", [EventTypes.FaultDetected, EventTypes.FaultCleared], async scene =>
        {
            await scene.SayAsync("StatusNotification", """{"connectorId":1,"errorCode":"GroundFailure","status":"Faulted"}""");
            await scene.SayAsync("StatusNotification", """{"connectorId":1,"errorCode":"NoError","status":"Available"}""");
            return new { scene.ChargeBoxId, connectorId = 1, errorCode = "GroundFailure" };
        }),
        new("an alarm is triggered and resolved", [EventTypes.AlarmTriggered, EventTypes.AlarmResolved], async scene =>
        {
            await scene.SayAsync("StatusNotification", $$"""{"connectorId":1,"errorCode":"NoError","status":"Available","timestamp":"{{Later}}"}""");
            await scene.SayAsync("StatusNotification", $$"""{"connectorId":1,"errorCode":"NoError","status":"Preparing","timestamp":"{{TimeProvider.System.GetUtcNow():O}}"}""");
            return new { scene.ChargeBoxId, alarmType = "clock_wrong" };
        }),
        new("an account of a user is created", [EventTypes.UserCreated], async scene => new { userId = await AddUserAsync(scene), name = "Ada" }),
        new("an account of a user is updated", [EventTypes.UserUpdated], async scene =>
        {
            var userId = await AddUserAsync(scene);
            await scene.AskAsync("PATCH", $"/users/{userId}", new { name = "Ada Lovelace" });
            return new { userId, name = "Ada Lovelace", changedFields = new[] { "name" } };
        }),
        new("an RFID card is assigned", [EventTypes.IdTagAssigned], async scene => new { idTag = "CARD", userId = await AssignAsync(scene) }),
        new("an RFID card is revoked", [EventTypes.IdTagRevoked], async scene =>
        {
            await AssignAsync(scene);
            await scene.AskAsync("POST", "/id-tags/CARD/revoke", new { reason = "lost" });
            return new { idTag = "CARD", reason = "lost" };
        }),
        new("a reservation is created", [EventTypes.ReservationCreated], async scene => new { reservationId = await ReserveAsync(scene), idTag = "TAG", expiresAt = Later }),
        new("a reservation is cancelled", [EventTypes.ReservationCancelled], async scene =>
        {
            var reservationId = await ReserveAsync(scene);
            await scene.CommandAsync("DELETE", $"/reservations/{reservationId}", null, "Accepted");
            return new { reservationId, scene.ChargeBoxId };
        }),
        new("load is managed", [EventTypes.LoadLimitApplied, EventTypes.LoadLimitReleased], async scene =>
        {
            var profile = new
            {
                chargingProfileId = 1,
                stackLevel = 0,
                chargingProfilePurpose = "ChargePointMaxProfile",
                chargingProfileKind = "Absolute",
                chargingSchedule = new { chargingRateUnit = "A", chargingSchedulePeriod = new[] { new { startPeriod = 0, limit = 16.5 } } },
            };
            await scene.CommandAsync("POST", $"/chargers/{scene.ChargeBoxId}/charging-profiles", new { connectorId = 0, csChargingProfiles = profile }, "Accepted");
            await scene.CommandAsync("DELETE", $"/chargers/{scene.ChargeBoxId}/charging-profiles?id=1", null, "Accepted");
            return new { scene.ChargeBoxId, limit = 16.5, unit = "A", chargingProfileId = 1 };
        }),
    ];

    public static TheoryData<string> Lines => [.. Triggers.Select(trigger => trigger.Line)];

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Trigger_OfTheCommonList_ArrivesSignedAndAsDocumented(string line)
    {
        var trigger = Triggers.Single(trigger => trigger.Line == line);
        await using var scene = await TriggerScene.OpenAsync(shared.Process, trigger.Events);

        var members = await trigger.CauseAsync(scene);

        await scene.AssertToldAsync(trigger.Events, members);
    }

    private static async Task<string> AddUserAsync(TriggerScene scene) => (await scene.AskAsync("POST", "/users", new { name = "Ada" })).GetProperty("id").GetString()!;

    private static async Task<string> AssignAsync(TriggerScene scene)
    {
        var userId = await AddUserAsync(scene);
        await scene.AskAsync("POST", "/id-tags", new { idTag = "CARD" });
        await scene.AskAsync("POST", "/id-tags/CARD/assign", new { userId });
        return userId;
    }

    private static async Task<int> ReserveAsync(TriggerScene scene) =>
        (await scene.CommandAsync("POST", "/reservations", new { scene.ChargeBoxId, connectorId = 1, idTag = "TAG", expiresAt = Later }, "Accepted")).GetProperty("reservationId").GetInt32();

    /// <summary>A line of the list, the events that tell of it, and its cause, which returns what they must say.</summary>
    private sealed record Trigger(string Line, IReadOnlyList<string> Events, Func<TriggerScene, Task<object>> CauseAsync);

    /// <summary>One process for all lines: each has a tenant of its own.</summary>
    public sealed class SharedServer : IAsyncLifetime
    {
        private readonly TemporaryDirectory _data = new();

        internal ServerProcess Process { get; private set; } = null!;

        public async Task InitializeAsync() => Process = await ServerProcess.StartAsync(_data.Path);

        public async Task DisposeAsync()
        {
            await Process.DisposeAsync();
            _data.Dispose();
        }
    }
}

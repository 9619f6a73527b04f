using Capacitor.Events;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

/// <summary>What one attempt posts. <paramref name="Gap"/>: the id of an event of the charger that was to come before it and has not been delivered; null: none.</summary>
internal readonly record struct Posting(JournalEvent Event, int Number = 1, AttemptTrigger Trigger = AttemptTrigger.Auto, string? Gap = null);

/// <summary>How an attempt ended. <paramref name="RetryAfter"/>: how long the endpoint wants to be left alone; null: it did not say.</summary>
internal sealed record AttemptResult(DeliveryOutcome Outcome, DeliveryAttempt Attempt, TimeSpan? RetryAfter = null);

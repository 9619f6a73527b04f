namespace Capacitor.Api.Transactions;

/// <summary>A transaction's status as the wire spells it.</summary>
internal static class TransactionStatus
{
    public const string InProgress = "in_progress";
    public const string Completed = "completed";

    /// <summary>The filter's older word for <see cref="InProgress"/>.</summary>
    public const string Active = "active";

    /// <summary>A filter that finds nothing: a transaction exists only once the charger has begun it.</summary>
    public const string Pending = "pending";
}

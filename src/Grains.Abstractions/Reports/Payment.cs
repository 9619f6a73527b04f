namespace Capacitor.Reports;

/// <summary>A payment, a failed attempt at one, or a refund, as another system reports it. Never changed.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.payment")]
public sealed record Payment
{
    /// <summary><c>pay_…</c></summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>What was reported.</summary>
    [Id(1)] public required NewPayment Reported { get; init; }

    /// <summary>When it was reported.</summary>
    [Id(2)] public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>How a payment ended.</summary>
public enum PaymentStatus
{
    /// <summary>Paid.</summary>
    Completed = 0,

    /// <summary>Not paid.</summary>
    Failed = 1,

    /// <summary>Given back.</summary>
    Refunded = 2,
}

/// <summary>A payment to record.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.new-payment")]
public sealed record NewPayment
{
    /// <summary>What it is for; null: the other system does not say.</summary>
    [Id(0)] public int? TransactionId { get; init; }

    /// <summary>A decimal number, as it was written.</summary>
    [Id(1)] public required string Amount { get; init; }

    /// <summary>Three letters (ISO 4217).</summary>
    [Id(2)] public required string Currency { get; init; }

    /// <summary>How it ended.</summary>
    [Id(3)] public required PaymentStatus Status { get; init; }

    /// <summary>Who moved the money.</summary>
    [Id(4)] public string? Provider { get; init; }

    /// <summary>How the provider calls it.</summary>
    [Id(5)] public string? ProviderReference { get; init; }

    /// <summary>Why it failed.</summary>
    [Id(6)] public string? FailureReason { get; init; }

    /// <summary>Where its receipt is.</summary>
    [Id(7)] public string? ReceiptUrl { get; init; }

    /// <summary>Who paid; null: the other system does not say.</summary>
    [Id(8)] public string? UserId { get; init; }

    /// <summary>The payment that a refund gives back; null: the other system does not say.</summary>
    [Id(9)] public string? OriginalPaymentId { get; init; }

    /// <inheritdoc/>
    public override string ToString() => "payment"; // what was paid is nobody's business in a log
}

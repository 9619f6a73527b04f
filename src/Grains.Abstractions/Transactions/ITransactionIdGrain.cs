namespace Capacitor.Transactions;

/// <summary>Hands out blocks of transaction ids. Key: <see cref="Key"/>.</summary>
[Alias("capacitor.ITransactionIdGrain")]
public interface ITransactionIdGrain : IGrainWithStringKey
{
    /// <summary>The only key.</summary>
    public const string Key = "x/transaction-ids";

    /// <summary>
    /// The first of <paramref name="size"/> ids (1 to 100,000) that nobody else will ever get; durable before it returns. Ids whose answer got lost are never used.
    /// </summary>
    [Alias("Reserve"), ResponseTimeout(AskAgain.Soon)]
    Task<int> ReserveAsync(int size);
}

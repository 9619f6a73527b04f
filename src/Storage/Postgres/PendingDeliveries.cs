namespace Capacitor.Storage.Postgres;

/// <summary>Rows on their way to the delivery log.</summary>
internal sealed class PendingDeliveries(PackedDelivery[] rows)
{
    private readonly TaskCompletionSource _promise = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PackedDelivery[] Rows => rows;

    public Task Written => _promise.Task;

    public void Complete() => _promise.SetResult();

    public void Fail(Exception exception) => _promise.SetException(exception);
}

namespace Capacitor.Records;

/// <summary>Writes records that belong to no grain's state.</summary>
public interface IRecordWriter
{
    /// <summary>All of them or none; durable before it returns.</summary>
    ValueTask WriteAsync(IReadOnlyList<RecordChange> changes);
}

using Capacitor.Records;

namespace Capacitor.Storage;

/// <summary>Records on the journal, in a commit without a state.</summary>
internal sealed class RecordWriter(IJournal journal) : IRecordWriter
{
    public async ValueTask WriteAsync(IReadOnlyList<RecordChange> changes) => await journal.CommitAsync(new() { Records = [.. changes] });
}

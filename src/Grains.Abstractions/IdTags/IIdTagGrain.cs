using Orleans.Concurrency;

namespace Capacitor.IdTags;

/// <summary>One id tag of a tenant: the one place that says whether it may charge. Key: <see cref="IdTagId.GrainKey"/>.</summary>
[Alias("capacitor.IIdTagGrain")]
public interface IIdTagGrain : IGrainWithStringKey
{
    /// <summary>Registers it. Throws <see cref="RefusedException"/>: Conflict when it is registered, Invalid for what it cannot be.</summary>
    [Alias("Create")]
    Task<IdTag> CreateAsync(NewIdTag tag);

    /// <summary>The tag, or null when it is not registered.</summary>
    [Alias("Find"), AlwaysInterleave, ResponseTimeout(AskAgain.Soon)]
    Task<IdTag?> FindAsync();

    /// <summary>Changes it; null when it is not registered. What is true already is no change and makes no event.</summary>
    [Alias("Change")]
    Task<IdTag?> ChangeAsync(IdTagPatch patch);

    /// <summary>Forgets it; false when it is not registered.</summary>
    [Alias("Remove")]
    Task<bool> RemoveAsync();

    /// <summary>Whether it may charge now; null when it is not registered. Never waits for other calls.</summary>
    [Alias("Judge"), AlwaysInterleave, ResponseTimeout(AskAgain.Soon)]
    Task<IdTagVerdict?> JudgeAsync();

    /// <summary>Whether a transaction that begins may go on; null when the tag is not registered. Asked again for the same start, it answers the same.</summary>
    [Alias("JudgeStart"), ResponseTimeout(AskAgain.Soon)]
    Task<IdTagVerdict?> JudgeStartAsync(IdTagStart start);

    /// <summary>Says, once, that it has expired. False when there is nothing to say: it has not, or is not registered.</summary>
    [Alias("Expire"), ResponseTimeout(AskAgain.Soon)]
    Task<bool> ExpireAsync();
}

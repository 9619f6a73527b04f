namespace Capacitor.Users;

/// <summary>One user of a tenant. Key: <see cref="UserId.GrainKey"/>.</summary>
[Alias("capacitor.IUserGrain")]
public interface IUserGrain : IGrainWithStringKey
{
    /// <summary>Records the user under this grain's new id.</summary>
    [Alias("Create")]
    Task<User> CreateAsync(NewUser user);

    /// <summary>Changes the user; null when there is none. What is true already is no change and makes no event.</summary>
    [Alias("Change")]
    Task<User?> ChangeAsync(UserPatch patch);

    /// <summary>Forgets the user; false when there is none. Throws <see cref="RefusedException"/> (Conflict) while id tags are the user's.</summary>
    [Alias("Remove")]
    Task<bool> RemoveAsync();
}

using Capacitor.Webhooks;

namespace Capacitor.Users;

/// <summary>Somebody who charges, as another system reports it.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.user")]
public sealed record User
{
    /// <summary><c>usr_…</c></summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>How the other system calls the user; null: it does not say.</summary>
    [Id(1)] public string? ExternalId { get; init; }

    /// <summary>What people call the user.</summary>
    [Id(2)] public required string Name { get; init; }

    /// <summary>An address; null: none.</summary>
    [Id(3)] public string? Email { get; init; }

    /// <summary>As the other system has it; it decides nothing here.</summary>
    [Id(4)] public required UserStatus Status { get; init; }

    /// <summary>When the record was made.</summary>
    [Id(5)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    [Id(6)] public required DateTimeOffset UpdatedAt { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Id; // a name and an address are nobody's business in a log
}

/// <summary>Whether a user's account is in use.</summary>
public enum UserStatus
{
    /// <summary>It is.</summary>
    Active = 0,

    /// <summary>It rests.</summary>
    Suspended = 1,
}

/// <summary>A user to record.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.new-user")]
public sealed record NewUser
{
    /// <inheritdoc cref="User.ExternalId"/>
    [Id(0)] public string? ExternalId { get; init; }

    /// <inheritdoc cref="User.Name"/>
    [Id(1)] public required string Name { get; init; }

    /// <inheritdoc cref="User.Email"/>
    [Id(2)] public string? Email { get; init; }

    /// <inheritdoc cref="User.Status"/>
    [Id(3)] public UserStatus Status { get; init; }

    /// <inheritdoc/>
    public override string ToString() => "new user";
}

/// <summary>A change to a user.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.user-patch")]
public sealed record UserPatch
{
    /// <summary>A new id in the other system.</summary>
    [Id(0)] public Change<string> ExternalId { get; init; }

    /// <summary>A new name; null: stays.</summary>
    [Id(1)] public string? Name { get; init; }

    /// <summary>A new address.</summary>
    [Id(2)] public Change<string> Email { get; init; }

    /// <summary>A new status; null: stays.</summary>
    [Id(3)] public UserStatus? Status { get; init; }

    /// <inheritdoc/>
    public override string ToString() => "change to a user";
}

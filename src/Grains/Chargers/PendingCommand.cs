using Capacitor.Chargers;

namespace Capacitor.Grains.Chargers;

/// <summary>A command that has begun and not ended.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.state.charger.pending-command")]
internal sealed record PendingCommand
{
    [Id(0)] public required Guid Id { get; init; }

    [Id(1)] public required CommandRecord Record { get; init; }

    /// <summary>Nobody will tell any more how it ended: whoever should have is gone.</summary>
    [Id(2)] public required DateTimeOffset Deadline { get; init; }

    /// <summary>Of a new AuthorizationKey: the hash that becomes the charger's password's when the charger takes it.</summary>
    [Id(3)] public string? PasswordHash { get; init; }
}

using Capacitor.Tenants;

namespace Capacitor.Chargers;

/// <summary>A registered charger as lists show it; written in the same commit as the events that changed it.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.charger")]
public sealed record Charger
{
    /// <summary><c>chg_…</c></summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>As its owner wrote it.</summary>
    [Id(1)] public required ChargeBoxId ChargeBoxId { get; init; }

    /// <summary>Whose it is.</summary>
    [Id(2)] public required TenantId Tenant { get; init; }

    /// <summary>What people call it; null when not given.</summary>
    [Id(3)] public string? Name { get; init; }

    /// <summary>Where it stands; null when not given.</summary>
    [Id(4)] public string? Location { get; init; }

    /// <summary>When it was registered.</summary>
    [Id(5)] public required DateTimeOffset RegisteredAt { get; init; }

    /// <summary>True while a socket is attached.</summary>
    [Id(6)] public bool IsOnline { get; init; }

    /// <summary>From its last BootNotification.</summary>
    [Id(7)] public string? Vendor { get; init; }

    /// <summary>From its last BootNotification.</summary>
    [Id(8)] public string? Model { get; init; }

    /// <summary>From its last BootNotification.</summary>
    [Id(9)] public string? SerialNumber { get; init; }

    /// <summary>From its last BootNotification.</summary>
    [Id(10)] public string? FirmwareVersion { get; init; }

    /// <summary>When its last Heartbeat came; lists may lag by half a minute.</summary>
    [Id(11)] public DateTimeOffset? LastHeartbeat { get; init; }

    /// <summary>The protocol taken for a charger that offers none, such as <c>ocpp1.6</c>; null: such a charger is turned away.</summary>
    [Id(12)] public string? AssumeProtocol { get; init; }

    /// <summary>The Api process that holds its socket; null when offline. Finds the chargers of a process that died.</summary>
    [Id(13)] public string? GatewayId { get; init; }

    /// <summary>The current or last connection's epoch; 0 before the first.</summary>
    [Id(14)] public long Epoch { get; init; }

    /// <summary>What it must present; null: its password when it has one, over anything.</summary>
    [Id(15)] public SecurityProfile? SecurityProfile { get; init; }

    /// <summary>When its grain wants to be looked at, since something is due then that no message may tell; null: never.</summary>
    [Id(16)] public DateTimeOffset? WatchAt { get; init; }
}

/// <summary>A charger with its connectors, as its grain knows it.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.charger-detail")]
public sealed record ChargerDetail
{
    /// <summary>What lists show.</summary>
    [Id(0)] public required Charger Charger { get; init; }

    /// <summary>Every connector it has reported, by number; 0 is the charger as a whole.</summary>
    [Id(1)] public required IReadOnlyList<Connector> Connectors { get; init; }
}

/// <summary>A connector's last reported status.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.connector")]
public sealed record Connector
{
    /// <summary>0 is the charger as a whole.</summary>
    [Id(0)] public required int ConnectorId { get; init; }

    /// <summary>OCPP's word, such as <c>Available</c>; unknown words are kept as sent.</summary>
    [Id(1)] public required string Status { get; init; }

    /// <summary>OCPP's word, such as <c>NoError</c>.</summary>
    [Id(2)] public required string ErrorCode { get; init; }

    /// <summary>When the report was received.</summary>
    [Id(3)] public required DateTimeOffset LastUpdated { get; init; }
}

/// <summary>A charger to register. Holds its password: never logged.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.new-charger")]
public sealed record NewCharger
{
    /// <summary>Unique across the installation, whatever the case.</summary>
    [Id(0)] public required ChargeBoxId ChargeBoxId { get; init; }

    /// <summary>What people call it.</summary>
    [Id(1)] public string? Name { get; init; }

    /// <summary>Where it stands.</summary>
    [Id(2)] public string? Location { get; init; }

    /// <summary>The Basic password it must present; null: none is asked for.</summary>
    [Id(3)] public string? Password { get; init; }

    /// <summary>See <see cref="Charger.AssumeProtocol"/>.</summary>
    [Id(4)] public string? AssumeProtocol { get; init; }

    /// <summary>See <see cref="Charger.SecurityProfile"/>.</summary>
    [Id(5)] public SecurityProfile? SecurityProfile { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"new charger {ChargeBoxId}";
}

/// <summary>A new value for a member, or nothing said about it: <c>default</c> leaves it alone, a null value clears it.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.setting")]
public readonly record struct Setting([property: Id(0)] bool IsSet, [property: Id(1)] string? Value)
{
    /// <summary>Sets, or with null clears.</summary>
    public static Setting To(string? value) => new(true, value);

    /// <summary>The value after the change.</summary>
    public string? Over(string? current) => IsSet ? Value : current;

    /// <inheritdoc/>
    public override string ToString() => IsSet ? Value is null ? "cleared" : "set" : "left alone"; // the value may be a secret
}

/// <summary>A change to a registered charger.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.charger-patch")]
public sealed record ChargerPatch
{
    /// <summary>A new name.</summary>
    [Id(0)] public Setting Name { get; init; }

    /// <summary>A new location.</summary>
    [Id(1)] public Setting Location { get; init; }

    /// <summary>A new Basic password.</summary>
    [Id(2)] public Setting Password { get; init; }

    /// <summary>See <see cref="Charger.AssumeProtocol"/>.</summary>
    [Id(3)] public Setting AssumeProtocol { get; init; }

    /// <summary>See <see cref="Charger.SecurityProfile"/>.</summary>
    [Id(4)] public ProfileSetting SecurityProfile { get; init; }

    /// <summary>True when the profile may become a lower one or none.</summary>
    [Id(5)] public bool AllowDowngrade { get; init; }
}

using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Tenants;

namespace Capacitor.Grains.Chargers;

/// <summary>
/// All that is known of a charger. The rules are its methods, one file per subject; each leaves its events and rows in the outbox,
/// to be committed with the state.
/// </summary>
[GenerateSerializer, Alias("capacitor.state.charger")]
internal sealed partial class ChargerState : IHasOutbox
{
    /// <summary>Null: not registered. What else is left then (the epoch) keeps old sockets and old events apart from new ones.</summary>
    [Id(0)] public Registration? Registration { get; set; }

    [Id(1)] public long Epoch { get; set; }

    /// <summary>Null while offline.</summary>
    [Id(2)] public Connection? Connection { get; set; }

    [Id(3)] public BootData? Boot { get; set; }

    [Id(4)] public DateTimeOffset? LastHeartbeat { get; set; }

    [Id(5)] public List<ConnectorState> Connectors { get; set; } = [];

    [Id(6)] public List<OpenTransaction> Open { get; set; } = [];

    /// <summary>The last few that ended, newest last: for messages that come again or too late.</summary>
    [Id(7)] public List<EndedTransaction> Ended { get; set; } = [];

    /// <summary>How many events there have been.</summary>
    [Id(8)] public long Sequence { get; set; }

    /// <summary>The last call of this connection that changed something; see <see cref="Recall"/>.</summary>
    [Id(9)] public HandledCall? Handled { get; set; }

    /// <summary>See <see cref="Chargers.RemoteStarts"/>; null: none.</summary>
    [Id(10)] public RemoteStart[]? RemoteStarts { get; set; }

    /// <summary>Commands that have begun and not ended.</summary>
    [Id(11)] public List<PendingCommand> Commands { get; set; } = [];

    /// <summary>Reservations that the charger holds.</summary>
    [Id(12)] public List<Reservation> Reservations { get; set; } = [];

    /// <summary>Charging profiles that go with their transaction.</summary>
    [Id(13)] public List<TransactionProfile> TransactionProfiles { get; set; } = [];

    /// <summary>Those that are not over, in the order in which they came.</summary>
    [Id(16)] public List<OpenFault> Faults { get; set; } = [];

    /// <summary>Those that are not over, in the order in which they came.</summary>
    [Id(17)] public List<OpenAlarm> Alarms { get; set; } = [];

    [Id(18)] public Told Told { get; set; } = Told.Nothing;

    [Id(19)] public Watch Watch { get; set; } = new();

    [field: NonSerialized]
    public Outbox Outbox { get; } = new();

    /// <summary>True when there is something to commit: no change is worth a commit that is not an event or a row.</summary>
    public bool HasChanges => !Outbox.IsEmpty;

    /// <summary>The charger as lists show it. Throws when it is not registered.</summary>
    public Charger ToCharger()
    {
        var registration = Registered();
        return new Charger
        {
            Id = registration.Id,
            ChargeBoxId = registration.ChargeBoxId,
            Tenant = registration.Tenant,
            Name = registration.Name,
            Location = registration.Location,
            RegisteredAt = registration.RegisteredAt,
            AssumeProtocol = registration.AssumeProtocol,
            SecurityProfile = registration.SecurityProfile,
            IsOnline = Connection is not null,
            GatewayId = Connection?.GatewayId,
            Epoch = Epoch,
            Vendor = Boot?.Vendor,
            Model = Boot?.Model,
            SerialNumber = Boot?.SerialNumber,
            FirmwareVersion = Boot?.FirmwareVersion,
            LastHeartbeat = LastHeartbeat,
            WatchAt = Watch.RowAt,
        };
    }

    /// <summary>Throws when it is not registered.</summary>
    public Registration Registered() => Registration ?? throw new InvalidOperationException("The charger is not registered.");

    private void Emit(string type, DateTimeOffset now, byte[] body, int? transactionId = null)
    {
        var registration = Registered();
        Outbox.Events.Add(new NewEvent
        {
            Id = EventId.Derive(registration.Id, ++Sequence),
            ChargerSequence = Sequence,
            Type = type,
            Tenant = registration.Tenant,
            ChargeBoxId = registration.ChargeBoxId,
            At = now,
            Body = body,
            TransactionId = transactionId,
        });
    }
}

/// <summary>The record of a profile, and the transaction that it is for.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.state.charger.transaction-profile")]
internal sealed record TransactionProfile([property: Id(0)] string RecordId, [property: Id(1)] int TransactionId);

[GenerateSerializer, Alias("capacitor.state.charger.registration")]
internal sealed record Registration
{
    [Id(0)] public required string Id { get; init; }

    [Id(1)] public required TenantId Tenant { get; init; }

    [Id(2)] public required ChargeBoxId ChargeBoxId { get; init; }

    [Id(3)] public required DateTimeOffset RegisteredAt { get; init; }

    [Id(4)] public string? Name { get; init; }

    [Id(5)] public string? Location { get; init; }

    [Id(6)] public string? AssumeProtocol { get; init; }

    /// <summary>See <see cref="ChargerPassword"/>; null: none is asked for.</summary>
    [Id(7)] public string? PasswordHash { get; init; }

    /// <summary>Null: none is set.</summary>
    [Id(8)] public SecurityProfile? SecurityProfile { get; init; }

    /// <summary>The hash of a password that the charger was given and may have taken; null: no such.</summary>
    [Id(9)] public string? NextPasswordHash { get; init; }
}

[GenerateSerializer, Immutable, Alias("capacitor.state.charger.connection")]
internal sealed record Connection([property: Id(0)] string GatewayId, [property: Id(1)] DateTimeOffset Since, [property: Id(2)] long ConnectionId)
{
    public bool Is(string gatewayId, long connectionId) => GatewayId == gatewayId && ConnectionId == connectionId;
}

[GenerateSerializer, Immutable, Alias("capacitor.state.charger.handled-call")]
internal sealed record HandledCall([property: Id(0)] long Number, [property: Id(1)] ChargerAnswer Answer);

[GenerateSerializer, Immutable, Alias("capacitor.state.charger.boot")]
internal sealed record BootData
{
    [Id(0)] public string? Vendor { get; init; }

    [Id(1)] public string? Model { get; init; }

    [Id(2)] public string? SerialNumber { get; init; }

    [Id(3)] public string? FirmwareVersion { get; init; }
}

[GenerateSerializer, Immutable, Alias("capacitor.state.charger.connector")]
internal sealed record ConnectorState
{
    [Id(0)] public required int ConnectorId { get; init; }

    [Id(1)] public required string Status { get; init; }

    [Id(2)] public required string ErrorCode { get; init; }

    [Id(3)] public string? Info { get; init; }

    [Id(4)] public string? VendorErrorCode { get; init; }

    [Id(5)] public required DateTimeOffset ReceivedAt { get; init; }
}

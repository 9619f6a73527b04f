using System.Threading.Channels;
using Capacitor.Ocpp;
using Capacitor.Ocpp.V16;

namespace Capacitor.Cli.Simulate;

/// <summary>Answers the server's calls at once and leaves what they ask for to the charger's life.</summary>
internal sealed class RemoteCommands
{
    private static readonly ConfigurationKey[] Configuration =
    [
        new() { Key = "HeartbeatInterval", Readonly = true, Value = "300" },
        new() { Key = "NumberOfConnectors", Readonly = true, Value = "1" },
        new() { Key = "SupportedFeatureProfiles", Readonly = true, Value = "Core,LocalAuthListManagement,Reservation,SmartCharging" },
    ];

    private readonly Channel<Wish> _wishes = Channel.CreateUnbounded<Wish>();
    private volatile bool _isFree;
    private volatile int _transaction;
    private volatile int _listVersion;

    /// <summary>What is still to be done.</summary>
    public ChannelReader<Wish> Wishes => _wishes.Reader;

    /// <summary>Whether a transaction may be begun by the server.</summary>
    public bool IsFree
    {
        get => _isFree;
        set => _isFree = value;
    }

    /// <summary>The transaction that is running; 0 for none.</summary>
    public int Transaction
    {
        get => _transaction;
        set => _transaction = value;
    }

    public CommandAnswer Answer(OcppFrame call) => call.Action switch
    {
        Ocpp16Actions.RemoteStartTransaction => Start(Ocpp16Reader.Read<RemoteStartTransactionRequest>(call.Payload).Value),
        Ocpp16Actions.RemoteStopTransaction => Stop(Ocpp16Reader.Read<RemoteStopTransactionRequest>(call.Payload).Value),
        Ocpp16Actions.Reset => Reset(Ocpp16Reader.Read<ResetRequest>(call.Payload).Value),
        Ocpp16Actions.SendLocalList => Keep(Ocpp16Reader.Read<SendLocalListRequest>(call.Payload).Value),
        Ocpp16Actions.GetLocalListVersion => CommandAnswer.Of(new GetLocalListVersionResponse { ListVersion = _listVersion }),
        _ => Agree(call.Action),
    };

    // A charger that has no use for it and no objection.
    private static CommandAnswer Agree(string? action) => action switch
    {
        Ocpp16Actions.UnlockConnector => CommandAnswer.Of(new UnlockConnectorResponse { Status = UnlockStatuses.Unlocked }),
        Ocpp16Actions.ChangeAvailability => CommandAnswer.Of(new ChangeAvailabilityResponse { Status = AvailabilityStatuses.Accepted }),
        Ocpp16Actions.ClearCache => CommandAnswer.Of(new ClearCacheResponse { Status = GenericStatuses.Accepted }),
        Ocpp16Actions.ChangeConfiguration => CommandAnswer.Of(new ChangeConfigurationResponse { Status = ConfigurationStatuses.NotSupported }),
        Ocpp16Actions.GetConfiguration => CommandAnswer.Of(new GetConfigurationResponse { ConfigurationKey = Configuration }),
        Ocpp16Actions.ReserveNow => CommandAnswer.Of(new ReserveNowResponse { Status = ReservationStatuses.Accepted }),
        Ocpp16Actions.CancelReservation => CommandAnswer.Of(new CancelReservationResponse { Status = GenericStatuses.Accepted }),
        Ocpp16Actions.SetChargingProfile => CommandAnswer.Of(new SetChargingProfileResponse { Status = ChargingProfileStatuses.Accepted }),
        Ocpp16Actions.ClearChargingProfile => CommandAnswer.Of(new ClearChargingProfileResponse { Status = ClearChargingProfileStatuses.Accepted }),
        Ocpp16Actions.DataTransfer => CommandAnswer.Of(new DataTransferResponse { Status = DataTransferStatuses.UnknownVendorId }),
        _ => CommandAnswer.NotImplemented,
    };

    private CommandAnswer Keep(SendLocalListRequest? request)
    {
        _listVersion = request?.ListVersion ?? _listVersion;
        return CommandAnswer.Of(new SendLocalListResponse { Status = request is null ? UpdateStatuses.Failed : UpdateStatuses.Accepted });
    }

    private CommandAnswer Start(RemoteStartTransactionRequest? request)
    {
        var isWilling = request is { ConnectorId: null or 1 } && _isFree;
        if (isWilling)
        {
            _isFree = false;
        }

        return CommandAnswer.Of(
            new RemoteStartTransactionResponse { Status = Word(isWilling) },
            isWilling ? () => _wishes.Writer.TryWrite(new Wish.Start(request!.IdTag)) : null);
    }

    private CommandAnswer Stop(RemoteStopTransactionRequest? request)
    {
        var isWilling = request is not null && request.TransactionId == _transaction;
        return CommandAnswer.Of(
            new RemoteStopTransactionResponse { Status = Word(isWilling) },
            isWilling ? () => _wishes.Writer.TryWrite(new Wish.Stop()) : null);
    }

    private CommandAnswer Reset(ResetRequest? request)
    {
        var isWilling = request is not null;
        return CommandAnswer.Of(
            new ResetResponse { Status = Word(isWilling) },
            isWilling ? () => _wishes.Writer.TryWrite(new Wish.Restart(request!.Type == ResetTypes.Hard)) : null);
    }

    private static string Word(bool isWilling) => isWilling ? GenericStatuses.Accepted : GenericStatuses.Rejected;
}

using System.Text.Json.Serialization;
using Capacitor.Chargers;

namespace Capacitor.Api.Chargers;

/// <summary>A charger as lists show it.</summary>
internal sealed record ChargerBody(
    string Id, string ChargeBoxId, string? Name, string Status, bool IsOnline, string? Vendor, string? Model, DateTimeOffset? LastHeartbeat)
{
    public static ChargerBody Of(Charger charger) => new(
        charger.Id, charger.ChargeBoxId.Value, charger.Name, ChargerStatus.Of(charger), charger.IsOnline, charger.Vendor, charger.Model, charger.LastHeartbeat);
}

internal sealed record ChargerListBody(IReadOnlyList<ChargerBody> Chargers, PaginationBody Pagination);

/// <summary>A charger just registered, with what its installer must enter.</summary>
internal sealed record RegisteredChargerBody(
    string Id, string ChargeBoxId, string? Name, string? Location, string Status, bool IsOnline, DateTimeOffset RegisteredAt, string ConnectionUrl,
    InstructionsBody Instructions, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? SecurityProfile)
{
    public static RegisteredChargerBody Of(Charger charger, string connectionUrl) => new(
        charger.Id, charger.ChargeBoxId.Value, charger.Name, charger.Location, ChargerStatus.Of(charger), charger.IsOnline, charger.RegisteredAt, connectionUrl,
        new("Enter this URL as the central system of the charger, with the protocol OCPP 1.6J.", connectionUrl, "ocpp1.6"), (int?)charger.SecurityProfile);
}

internal sealed record InstructionsBody(string Message, string Url, string Protocol);

/// <summary>All that is known of a charger.</summary>
internal sealed record ChargerDetailBody
{
    public required string Id { get; init; }

    public required string ChargeBoxId { get; init; }

    public required string? Name { get; init; }

    public required string? Location { get; init; }

    public required string Status { get; init; }

    public required bool IsOnline { get; init; }

    public required string? Vendor { get; init; }

    public required string? Model { get; init; }

    public required string? SerialNumber { get; init; }

    public required string? FirmwareVersion { get; init; }

    public required DateTimeOffset? LastHeartbeat { get; init; }

    public required DateTimeOffset RegisteredAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required string? AssumeProtocol { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required int? SecurityProfile { get; init; }

    public required IReadOnlyList<ConnectorBody> Connectors { get; init; }

    public required string ConnectionUrl { get; init; }

    public static ChargerDetailBody Of(ChargerDetail detail, string connectionUrl) => new()
    {
        Id = detail.Charger.Id,
        ChargeBoxId = detail.Charger.ChargeBoxId.Value,
        Name = detail.Charger.Name,
        Location = detail.Charger.Location,
        Status = ChargerStatus.Of(detail.Charger),
        IsOnline = detail.Charger.IsOnline,
        Vendor = detail.Charger.Vendor,
        Model = detail.Charger.Model,
        SerialNumber = detail.Charger.SerialNumber,
        FirmwareVersion = detail.Charger.FirmwareVersion,
        LastHeartbeat = detail.Charger.LastHeartbeat,
        RegisteredAt = detail.Charger.RegisteredAt,
        AssumeProtocol = detail.Charger.AssumeProtocol,
        SecurityProfile = (int?)detail.Charger.SecurityProfile,
        Connectors = [.. detail.Connectors.Select(connector => new ConnectorBody(connector.ConnectorId, connector.Status, connector.ErrorCode, connector.LastUpdated))],
        ConnectionUrl = connectionUrl,
    };
}

internal sealed record ConnectorBody(int ConnectorId, string Status, string ErrorCode, DateTimeOffset LastUpdated);

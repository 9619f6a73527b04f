using System.Text.Json;
using Capacitor.Api.Chargers;
using Capacitor.Api.IdTags;
using Capacitor.Api.Json;
using Capacitor.Api.Security;
using Capacitor.Chargers;
using Capacitor.Ocpp.V16;
using Capacitor.Tenants;

namespace Capacitor.Api.Commands;

/// <summary>What a tenant can ask its chargers for, besides starting and stopping, and what came of it.</summary>
internal static class CommandEndpoints
{
    private static readonly CommandSpec GetCertificates = new("certificates", Ocpp16Actions.GetInstalledCertificateIds, "Reading of the certificates");
    private static readonly CommandSpec DeleteCertificate = new("certificates", Ocpp16Actions.DeleteCertificate, "Deletion of the certificate");
    private static readonly CommandSpec ClearProfiles = new("charging-profiles", Ocpp16Actions.ClearChargingProfile, "Clearing of charging profiles");
    private static readonly CommandSpec Composite = new("charging-profiles/composite-schedule", Ocpp16Actions.GetCompositeSchedule, "Reading of the schedule");

    public static void MapCommands(this IEndpointRouteBuilder api)
    {
        var charger = api.MapGroup("/chargers/{chargeBoxId}").RequireTier(Tier.Starter, "Commands other than remote start and stop");
        foreach (var spec in CommandSpec.All)
        {
            charger.MapPost("/" + spec.Path, (Caller caller, string chargeBoxId, HttpRequest request, CommandTarget target) =>
                target.RunAsync(caller, chargeBoxId, async () => await ReadAsync(request, spec)));
        }

        charger.MapPost("/local-list", (Caller caller, string chargeBoxId, HttpRequest request, CommandTarget target, LocalListBuilder lists) =>
            target.RunAsync(caller, chargeBoxId, () => ReadListAsync(caller, request, lists)));
        charger.MapPost("/call", CallAsync);
        charger.MapGet("/certificates", (Caller caller, string chargeBoxId, HttpRequest request, CommandTarget target) =>
            target.RunAsync(caller, chargeBoxId, () => FromQuery(request, GetCertificates, ["certificateType"], [])));
        charger.MapDelete("/certificates", (Caller caller, string chargeBoxId, HttpRequest request, CommandTarget target) =>
            target.RunAsync(caller, chargeBoxId, () => ReadCertificate(request)));
        charger.MapDelete("/charging-profiles", (Caller caller, string chargeBoxId, HttpRequest request, CommandTarget target) =>
            target.RunAsync(caller, chargeBoxId, () => FromQuery(request, ClearProfiles, ["chargingProfilePurpose"], ["id", "connectorId", "stackLevel"])));
        charger.MapGet("/charging-profiles/composite-schedule", (Caller caller, string chargeBoxId, HttpRequest request, CommandTarget target) =>
            target.RunAsync(caller, chargeBoxId, () => FromQuery(request, Composite, ["chargingRateUnit"], ["connectorId", "duration"])));
        api.MapGet("/chargers/{chargeBoxId}/commands", CommandHistory.ListAsync); // remote starts have a history, too
        api.MapGet("/commands/{commandId}", CommandHistory.FindAsync);
    }

    private static async Task<CommandRequest> ReadAsync(HttpRequest request, CommandSpec spec)
    {
        using var body = await JsonBody.ReadOptionalAsync(request);
        return CommandRequest.Of(request, spec, body.Element);
    }

    // A full list that is left out is that of the tenant's tags.
    private static async Task<CommandRequest> ReadListAsync(Caller caller, HttpRequest request, LocalListBuilder lists)
    {
        using var body = await JsonBody.ReadAsync(request);
        if (!body["localAuthorizationList"].IsAbsent || body["updateType"].OneOfOrNull(UpdateTypes.Full, UpdateTypes.Differential) != UpdateTypes.Full)
        {
            return CommandRequest.Of(request, CommandSpec.LocalList, body.Element);
        }

        var list = new SendLocalListRequest
        {
            ListVersion = body["listVersion"].Integer(1),
            UpdateType = UpdateTypes.Full,
            LocalAuthorizationList = [.. (await lists.BuildAsync(caller.Id)).Select(entry => new LocalAuthorization { IdTag = entry.IdTag, IdTagInfo = entry.IdTagInfo })],
        };
        return CommandRequest.Of(request, CommandSpec.LocalList, Ocpp16Writer.Serialize(list));
    }

    private static Task<IResult> CallAsync(Caller caller, string chargeBoxId, HttpRequest request, CommandTarget target) => target.RunAsync(
        caller, chargeBoxId,
        async () =>
        {
            using var body = await JsonBody.ReadAsync(request);
            var action = body["action"].Text(50);
            var payload = body["payload"].ObjectOrNull() is { } given ? JsonSerializer.SerializeToUtf8Bytes(given, CommandJson.Default.JsonElement) : "{}"u8.ToArray();
            return CommandRequest.Of(request, new CommandSpec("call", action, action), payload);
        },
        CommandResult.Called);

    private static Task<CommandRequest> FromQuery(HttpRequest request, CommandSpec spec, string[] words, string[] numbers) =>
        Task.FromResult(CommandRequest.Of(request, spec, CommandQuery.ToPayload(request, words, numbers)));

    private static Task<CommandRequest> ReadCertificate(HttpRequest request) =>
        Task.FromResult(CommandRequest.Of(request, DeleteCertificate, CommandQuery.ToPayload(
            request, ["hashAlgorithm", "issuerNameHash", "issuerKeyHash", "serialNumber"], [], within: "certificateHashData")));
}

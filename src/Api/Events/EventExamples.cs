using System.Text.Json;
using Capacitor.Events;

namespace Capacitor.Api.Events;

/// <summary>One example body per event; the first and the fifth are those of the documentation.</summary>
internal static class EventExamples
{
    public static EventTypeListBody All { get; } = new(
    [
        Make(EventTypes.ChargerConnected, "Charger connects via WebSocket", """
            {"event":"charger.connected","timestamp":"2026-02-06T14:30:00.000Z","data":{"chargeBoxId":"CHARGER-001"}}
            """),
        Make(EventTypes.ChargerDisconnected, "Charger disconnects", """
            {"event":"charger.disconnected","timestamp":"2026-02-06T14:30:00.000Z","data":{
              "chargeBoxId":"CHARGER-001","reason":"closed","connectedAt":"2026-02-06T08:00:00.000Z"}}
            """),
        Make(EventTypes.ChargerBoot, "Charger sends BootNotification", """
            {"event":"charger.boot","timestamp":"2026-02-06T14:30:00.000Z","data":{
              "chargeBoxId":"CHARGER-001","vendor":"VendorX","model":"ModelY","serialNumber":"SN-001","firmwareVersion":"1.2.3","registrationStatus":"Accepted"}}
            """),
        Make(EventTypes.ConnectorStatusChanged, "Connector status changes", """
            {"event":"connector.status_changed","timestamp":"2026-02-06T14:30:00.000Z","data":{
              "chargeBoxId":"CHARGER-001","connectorId":1,"status":"Charging","previousStatus":"Preparing","errorCode":"NoError",
              "info":null,"vendorErrorCode":null,"statusTime":"2026-02-06T14:29:59.000Z"}}
            """),
        Make(EventTypes.TransactionStarted, "Charging session begins", """
            {"event":"transaction.started","timestamp":"2026-02-06T14:30:00.000Z","data":{
              "transactionId":12345,"chargeBoxId":"CHARGER-001","connectorId":1,"idTag":"USER001","meterStart":0}}
            """),
        Make(EventTypes.TransactionStopped, "Charging session ends", """
            {"event":"transaction.stopped","timestamp":"2026-02-06T15:15:00.000Z","data":{
              "transactionId":12345,"chargeBoxId":"CHARGER-001","connectorId":1,"idTag":"USER001","meterStart":1000,"meterStop":15000,
              "energyDelivered":14.0,"durationMinutes":45,"startTime":"2026-02-06T14:30:00.000Z","stopTime":"2026-02-06T15:15:00.000Z","stopReason":"Local"}}
            """),
        Make(EventTypes.TransactionUpdated, "Meter values updated during session", """
            {"event":"transaction.updated","timestamp":"2026-02-06T14:45:00.000Z","data":{
              "transactionId":12345,"chargeBoxId":"CHARGER-001","connectorId":1,"idTag":"USER001","meterValue":5500,"energyDelivered":4.5,
              "meterValues":[{"timestamp":"2026-02-06T14:45:00.000Z","sampledValues":[
                {"value":"5500","context":"Sample.Periodic","measurand":"Energy.Active.Import.Register","unit":"Wh"}]}]}}
            """),
        Make(EventTypes.WebhookFailing, "A webhook that may be deactivated delivers nothing", """
            {"event":"webhook.failing","timestamp":"2026-02-06T14:30:00.000Z","data":{
              "webhookId":"wh_123","failingSince":"2026-02-04T02:30:00.000Z","disabledAt":"2026-02-09T02:30:00.000Z","spent":50}}
            """),
        Make(EventTypes.WebhookRecovered, "Such a webhook delivers again", """
            {"event":"webhook.recovered","timestamp":"2026-02-06T14:30:00.000Z","data":{
              "webhookId":"wh_123","failingSince":"2026-02-04T02:30:00.000Z"}}
            """),
        Make(EventTypes.WebhookDisabled, "A webhook was deactivated because its endpoint failed for too long, or is gone", """
            {"event":"webhook.disabled","timestamp":"2026-02-06T14:30:00.000Z","data":{
              "webhookId":"wh_123","reason":"failing","failingSince":"2026-02-01T14:30:00.000Z"}}
            """),
    ]);

    private static EventTypeBody Make(string name, string description, string example) => new(name, description, JsonElement.Parse(example));
}

using System.Globalization;

namespace Capacitor.Testing;

/// <summary>Payloads of OCPP 1.6 as an ordinary charger sends them. Meters in Wh.</summary>
public static class ChargerMessages
{
    /// <summary>BootNotification.</summary>
    public static string Boot(string firmware = "1.0") =>
        $$"""{"chargePointVendor":"Acme","chargePointModel":"One","firmwareVersion":"{{firmware}}"}""";

    /// <summary>StatusNotification.</summary>
    public static string Status(int connector, string status, string info) =>
        $$"""{"connectorId":{{connector}},"errorCode":"NoError","status":"{{status}}","info":"{{info}}"}""";

    /// <summary>StartTransaction.</summary>
    public static string Start(int connector, string idTag, long meter, DateTimeOffset time) =>
        $$"""{"connectorId":{{connector}},"idTag":"{{idTag}}","meterStart":{{meter}},"timestamp":"{{Text(time)}}"}""";

    /// <summary>MeterValues of connector 1.</summary>
    public static string Meter(int transaction, long meter, DateTimeOffset time) =>
        $$"""{"connectorId":1,"transactionId":{{transaction}},"meterValue":[{"timestamp":"{{Text(time)}}","sampledValue":[{"value":"{{meter}}"}]}]}""";

    /// <summary>StopTransaction.</summary>
    public static string Stop(int transaction, long meter, DateTimeOffset time) =>
        $$"""{"transactionId":{{transaction}},"meterStop":{{meter}},"timestamp":"{{Text(time)}}"}""";

    private static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

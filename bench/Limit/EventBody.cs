namespace Capacitor.Limit;

/// <summary>The bodies of the events, with the members that the product's have.</summary>
internal static class EventBody
{
    private const int Space = 2048;

    public static byte[] Connected(ReadOnlySpan<byte> id)
    {
        var body = new Text(stackalloc byte[Space]);
        return End(ref Begin(ref body, "charger.connected"u8).Add("\"chargeBoxId\":\""u8).Add(id).Add("\""u8));
    }

    public static byte[] Disconnected(ReadOnlySpan<byte> id)
    {
        var body = new Text(stackalloc byte[Space]);
        return End(ref Begin(ref body, "charger.disconnected"u8).Add("\"chargeBoxId\":\""u8).Add(id).Add("\",\"reason\":\"closed\""u8));
    }

    public static byte[] Boot(ReadOnlySpan<byte> id, ReadOnlySpan<byte> payload)
    {
        var body = new Text(stackalloc byte[Space]);
        Begin(ref body, "charger.boot"u8).Add("\"chargeBoxId\":\""u8).Add(id)
            .Add("\",\"vendor\":\""u8).Add(Json.Text(payload, "\"chargePointVendor\":\""u8))
            .Add("\",\"model\":\""u8).Add(Json.Text(payload, "\"chargePointModel\":\""u8))
            .Add("\",\"serialNumber\":\""u8).Add(Json.Text(payload, "\"chargePointSerialNumber\":\""u8))
            .Add("\",\"firmwareVersion\":\""u8).Add(Json.Text(payload, "\"firmwareVersion\":\""u8))
            .Add("\",\"registrationStatus\":\"Accepted\""u8);
        return End(ref body);
    }

    public static byte[] Status(ReadOnlySpan<byte> id, ReadOnlySpan<byte> previous, ReadOnlySpan<byte> payload)
    {
        var body = new Text(stackalloc byte[Space]);
        Begin(ref body, "connector.status_changed"u8).Add("\"chargeBoxId\":\""u8).Add(id)
            .Add("\",\"connectorId\":"u8).Add(Json.Number(payload, "\"connectorId\":"u8))
            .Add(",\"status\":\""u8).Add(Json.Text(payload, "\"status\":\""u8))
            .Add("\",\"previousStatus\":\""u8).Add(previous)
            .Add("\",\"errorCode\":\""u8).Add(Json.Text(payload, "\"errorCode\":\""u8))
            .Add("\",\"info\":null,\"vendorErrorCode\":null,\"statusTime\":\""u8).Add(Json.Text(payload, "\"timestamp\":\""u8)).Add("\""u8);
        return End(ref body);
    }

    public static byte[] Started(ReadOnlySpan<byte> id, int transaction, ReadOnlySpan<byte> idTag, long meterStart)
    {
        var body = new Text(stackalloc byte[Space]);
        Transaction(ref Begin(ref body, "transaction.started"u8), id, transaction, idTag).Add(",\"meterStart\":"u8).Add(meterStart);
        return End(ref body);
    }

    public static byte[] Updated(ReadOnlySpan<byte> id, int transaction, ReadOnlySpan<byte> idTag, long meterStart, ReadOnlySpan<byte> payload)
    {
        var body = new Text(stackalloc byte[Space]);
        var meter = Json.Number(payload, "\"value\":\""u8);
        var samples = payload[payload.IndexOf("\"sampledValue\":"u8)..^3][15..];
        Transaction(ref Begin(ref body, "transaction.updated"u8), id, transaction, idTag)
            .Add(",\"meterValue\":"u8).Add(meter).Add(",\"energyDelivered\":"u8).AddThousandths(meter - meterStart)
            .Add(",\"meterValues\":[{\"timestamp\":\""u8).Add(Json.Text(payload, "\"timestamp\":\""u8)).Add("\",\"sampledValues\":"u8).Add(samples).Add("}]"u8);
        return End(ref body);
    }

    public static byte[] Stopped(ReadOnlySpan<byte> id, int transaction, ReadOnlySpan<byte> idTag, long meterStart, ReadOnlySpan<byte> payload)
    {
        var body = new Text(stackalloc byte[Space]);
        var meter = Json.Number(payload, "\"meterStop\":"u8);
        var stopped = Json.Text(payload, "\"timestamp\":\""u8);
        Transaction(ref Begin(ref body, "transaction.stopped"u8), id, transaction, idTag)
            .Add(",\"meterStart\":"u8).Add(meterStart).Add(",\"meterStop\":"u8).Add(meter)
            .Add(",\"energyDelivered\":"u8).AddThousandths(meter - meterStart)
            .Add(",\"durationMinutes\":0,\"startTime\":\""u8).Add(stopped).Add("\",\"stopTime\":\""u8).Add(stopped).Add("\",\"stopReason\":\"Local\""u8);
        return End(ref body);
    }

    private static ref Text Begin(ref Text body, ReadOnlySpan<byte> name)
    {
        body.Add("{\"event\":\""u8).Add(name).Add("\",\"timestamp\":\""u8).AddNow().Add("\",\"data\":{"u8);
        return ref body;
    }

    private static ref Text Transaction(ref Text body, ReadOnlySpan<byte> id, int transaction, ReadOnlySpan<byte> idTag)
    {
        body.Add("\"transactionId\":"u8).Add(transaction).Add(",\"chargeBoxId\":\""u8).Add(id)
            .Add("\",\"connectorId\":1,\"idTag\":\""u8).Add(idTag).Add("\""u8);
        return ref body;
    }

    private static byte[] End(ref Text body)
    {
        body.Add("}}"u8);
        return body.Written.ToArray();
    }
}

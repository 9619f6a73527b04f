using System.Text.Json;
using Capacitor.Events;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.Api.Tests.Ocpp;

/// <summary>This part: messages.</summary>
public sealed partial class QuirkTests
{
    [Theory]
    [InlineData("""{"value":12.3}""", "12.3")]
    [InlineData("""{"value":"12.3","unit":"kWh"}""", "12.3")]
    public async Task Quirk10_NumbersAsStringsAndBack_AreConverted(string sample, string value)
    {
        var id = await edge.AddChargerAsync();
        await using var charger = await edge.ConnectAsync(id);
        var started = await SendAsync(charger, """[2,"a","StartTransaction",{"connectorId":"1","idTag":4711,"meterStart":"100","timestamp":"2026-02-06T14:30:00Z"}]""");
        var transactionId = started.GetProperty("transactionId").GetInt32();
        await SendAsync(charger, $$"""[2,"b","MeterValues",{"connectorId":"1","transactionId":"{{transactionId}}","meterValue":[{"timestamp":"2026-02-06T14:31:00Z","sampledValue":[{{sample}}]}]}]""");
        var data = await edge.OnlyEventAsync(id, EventTypes.TransactionStarted);
        Assert.Equal("4711", data.GetProperty("idTag").GetString());
        Assert.Equal(100, data.GetProperty("meterStart").GetInt32());
        Assert.Equal(value, Samples(await edge.OnlyEventAsync(id, EventTypes.TransactionUpdated))[0].GetProperty("value").GetString());
    }

    [Fact]
    public async Task Quirk11_MeterValueAsAnObject_IsOneOfMany()
    {
        var id = await edge.AddChargerAsync();
        await using var charger = await StartedAsync(id);
        await SendAsync(charger, """[2,"q","MeterValues",{"connectorId":1,"meterValue":{"timestamp":"2026-02-06T14:31:00Z","sampledValue":[{"value":"150"}]}}]""");
        Assert.Equal("150", Samples(await edge.OnlyEventAsync(id, EventTypes.TransactionUpdated))[0].GetProperty("value").GetString());
    }

    [Theory]
    [InlineData("""{"connectorId":1,"meterValue":[{"timestamp":"2026-02-06T14:31:00Z","sampledValue":[]}]}""")]
    [InlineData("""{"connectorId":1,"meterValue":[{"timestamp":"2026-02-06T14:31:00Z","sampledValue":[{"value":""}]}]}""")]
    [InlineData("""{"connectorId":1,"meterValue":[]}""")]
    [InlineData("""{"connectorId":1}""")]
    public async Task Quirk12_EmptySamples_AreAnsweredWithAnEmptyObject(string payload)
    {
        await using var charger = await StartedAsync(await edge.AddChargerAsync());
        Assert.Equal("{}", (await SendAsync(charger, $"[2,\"q\",\"MeterValues\",{payload}]")).GetRawText());
    }

    [Fact]
    public async Task Quirk13_UnknownWords_AreKeptAsSent()
    {
        var id = await edge.AddChargerAsync();
        await using var charger = await StartedAsync(id);
        await SendAsync(charger, """[2,"q","StatusNotification",{"connectorId":1,"status":"Charging","errorCode":"Error"}]""");
        Assert.Equal("Error", (await edge.OnlyEventAsync(id, EventTypes.ConnectorStatusChanged)).GetProperty("errorCode").GetString());
        await SendAsync(charger, """[2,"r","MeterValues",{"connectorId":1,"meterValue":[{"timestamp":"2026-02-06T14:31:00Z","sampledValue":[{"value":"1","context":"Sample.Alfen"}]}]}]""");
        Assert.Single(await edge.EventsAsync(id, EventTypes.TransactionUpdated));
    }

    [Theory]
    [InlineData("V", "A model name of more than twenty characters")]
    [InlineData("", "M")]
    public async Task Quirk14_BootFieldsTooLongOrEmpty_AreStoredAsSent(string vendor, string model)
    {
        var id = await edge.AddChargerAsync();
        await using var charger = await edge.ConnectAsync(id);
        var answer = await SendAsync(charger, $$"""[2,"q","BootNotification",{"chargePointVendor":"{{vendor}}","chargePointModel":"{{model}}"}]""");
        Assert.Equal("Accepted", answer.GetProperty("status").GetString());
        Assert.Equal(model, (await edge.OnlyEventAsync(id, EventTypes.ChargerBoot)).GetProperty("model").GetString());
    }

    [Fact]
    public async Task Quirk15_UnknownFields_AreIgnored()
    {
        await using var charger = await edge.ConnectAsync();
        await SendAsync(charger, """[2,"q","Heartbeat",{"uptime":5,"nested":{"a":[1,2]}}]""");
        await SendAsync(charger, """[2,"r","BootNotification",{"chargePointVendor":"V","chargePointModel":"M","colour":"red"},"and more"]""");
    }

    [Theory]
    [InlineData("1970-01-01T00:00:00Z")]
    [InlineData("2000-01-01T00:00:00.000Z")]
    [InlineData("2026-02-06T14:30:00+02")]
    [InlineData("2026-02-06T14:30:00")]
    [InlineData("2026-02-06T14:30:00.123456789Z")]
    [InlineData("yesterday")]
    [InlineData("")]
    public async Task Quirk16_ClockWrongOrOddlyWritten_IsPutUpWith(string timestamp)
    {
        var id = await edge.AddChargerAsync();
        await using var charger = await edge.ConnectAsync(id);
        var started = await SendAsync(charger, $$"""[2,"q","StartTransaction",{"connectorId":1,"idTag":"T","meterStart":0,"timestamp":"{{timestamp}}"}]""");
        await SendAsync(charger, $$"""[2,"r","StatusNotification",{"connectorId":1,"status":"Charging","errorCode":"NoError","timestamp":"{{timestamp}}"}]""");
        Assert.True(started.GetProperty("transactionId").GetInt32() > 0);
        Assert.Single(await edge.EventsAsync(id, EventTypes.TransactionStarted));
        Assert.True((await edge.OnlyEventAsync(id, EventTypes.ConnectorStatusChanged)).GetProperty("statusTime").GetDateTimeOffset().Year >= 2026);
    }

    [Fact]
    public async Task Quirk17_NoBootAfterReconnect_GoesOnWhereItWas()
    {
        var id = await edge.AddChargerAsync();
        int transactionId;
        await using (var before = await edge.ConnectAsync(id))
        {
            transactionId = (await SendAsync(before, Start)).GetProperty("transactionId").GetInt32();
        }

        await using var after = await edge.ConnectAsync(id);
        await SendAsync(after, $$"""[2,"q","StopTransaction",{"transactionId":{{transactionId}},"meterStop":1100,"timestamp":"2026-02-06T15:30:00Z"}]""");
        Assert.Equal(1m, (await edge.OnlyEventAsync(id, EventTypes.TransactionStopped)).GetProperty("energyDelivered").GetDecimal());
    }

    [Fact]
    public async Task Quirk18_StatusAndHeartbeatBeforeBoot_AreAnswered()
    {
        var id = await edge.AddChargerAsync();
        await using var charger = await edge.ConnectAsync(id);
        await SendAsync(charger, """[2,"1","StatusNotification",{"connectorId":0,"status":"Available","errorCode":"NoError"}]""");
        await SendAsync(charger, """[2,"2","Heartbeat",{}]""");
        await SendAsync(charger, """[2,"3","BootNotification",{"chargePointVendor":"V","chargePointModel":"M"}]""");
        Assert.Single(await edge.EventsAsync(id, EventTypes.ConnectorStatusChanged));
    }

    [Fact]
    public async Task Quirk20_StartSentAgainWithItsTimestamp_GetsItsId()
    {
        var id = await edge.AddChargerAsync();
        int first;
        await using (var charger = await edge.ConnectAsync(id))
        {
            first = (await SendAsync(charger, Start)).GetProperty("transactionId").GetInt32();
        }

        await using var back = await edge.ConnectAsync(id);
        var second = (await SendAsync(back, Start.Replace("\"start\"", "\"other\"", StringComparison.Ordinal))).GetProperty("transactionId").GetInt32();
        Assert.Equal(first, second);
        Assert.Single(await edge.EventsAsync(id, EventTypes.TransactionStarted));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(-16)]
    public async Task Quirk21_StopWithoutAProperId_EndsTheOpenTransaction(int transactionId)
    {
        var id = await edge.AddChargerAsync();
        await using var charger = await StartedAsync(id);
        await SendAsync(charger, $$"""[2,"q","StopTransaction",{"transactionId":{{transactionId}},"meterStop":900,"timestamp":"2026-02-06T15:30:00Z"}]""");
        var stopped = await edge.OnlyEventAsync(id, EventTypes.TransactionStopped);
        Assert.Equal((await edge.OnlyEventAsync(id, EventTypes.TransactionStarted)).GetProperty("transactionId").GetInt32(), stopped.GetProperty("transactionId").GetInt32());
    }

    [Fact]
    public async Task Quirk22_MeterValuesOfConnectorZero_BelongToTheOnlyTransaction()
    {
        var id = await edge.AddChargerAsync();
        await using var charger = await StartedAsync(id);
        await SendAsync(charger, """[2,"q","MeterValues",{"connectorId":0,"meterValue":[{"timestamp":"2026-02-06T14:31:00Z","sampledValue":[{"value":"150"}]}]}]""");
        Assert.Equal(1, (await edge.OnlyEventAsync(id, EventTypes.TransactionUpdated)).GetProperty("connectorId").GetInt32());
    }

    [Theory]
    [InlineData("TAG_0815", "Accepted")]
    [InlineData("MAC00112233;TAG", "Accepted")]
    [InlineData("12345678901234567890\u0001\u0002", "Accepted")]
    [InlineData("", "Invalid")]
    public async Task Quirk23_OddIdTags_AreRecordedAsSent(string idTag, string status)
    {
        var id = await edge.AddChargerAsync();
        await using var charger = await edge.ConnectAsync(id);
        var answer = await SendAsync(
            charger, $$"""[2,"q","StartTransaction",{"connectorId":1,"idTag":{{JsonSerializer.Serialize(idTag)}},"meterStart":0,"timestamp":"2026-02-06T14:30:00Z"}]""");
        Assert.Equal(status, answer.GetProperty("idTagInfo").GetProperty("status").GetString());
        Assert.Equal(idTag, (await edge.OnlyEventAsync(id, EventTypes.TransactionStarted)).GetProperty("idTag").GetString());
    }

    [Fact]
    public async Task Quirk24_StopWithoutStart_IsRecorded()
    {
        var id = await edge.AddChargerAsync();
        await using var charger = await edge.ConnectAsync(id);
        await SendAsync(charger, """[2,"q","StopTransaction",{"transactionId":2000000000,"meterStop":900,"timestamp":"2026-02-06T15:30:00Z","idTag":"T"}]""");
        await SendAsync(charger, """[2,"r","StopTransaction",{"transactionId":2000000000,"meterStop":900,"timestamp":"2026-02-06T15:30:00Z","idTag":"T"}]""");
        Assert.Equal("T", (await edge.OnlyEventAsync(id, EventTypes.TransactionStopped)).GetProperty("idTag").GetString());
    }

    [Fact]
    public async Task Quirk25_MeterValuesAfterTheStop_AreTakenAsLate()
    {
        var id = await edge.AddChargerAsync();
        await using var charger = await StartedAsync(id);
        var transactionId = (await edge.OnlyEventAsync(id, EventTypes.TransactionStarted)).GetProperty("transactionId").GetInt32();
        await SendAsync(charger, $$"""[2,"q","StopTransaction",{"transactionId":{{transactionId}},"meterStop":900,"timestamp":"2026-02-06T15:30:00Z"}]""");
        await SendAsync(charger, $$"""[2,"r","MeterValues",{"connectorId":1,"transactionId":{{transactionId}},"meterValue":[{"timestamp":"2026-02-06T15:30:00Z","sampledValue":[{"value":"900","context":"Transaction.End"}]}]}]""");
        Assert.True((await edge.OnlyEventAsync(id, EventTypes.TransactionUpdated)).GetProperty("late").GetBoolean());
        Assert.Single(await edge.EventsAsync(id, EventTypes.TransactionStopped));
    }

    [Fact]
    public async Task Quirk26_MeterThatRanBackwards_TellsNoEnergy()
    {
        var id = await edge.AddChargerAsync();
        await using var charger = await StartedAsync(id);
        await SendAsync(charger, """[2,"q","StopTransaction",{"transactionId":-1,"meterStop":5,"timestamp":"2026-02-06T15:30:00Z"}]""");
        Assert.Equal(JsonValueKind.Null, (await edge.OnlyEventAsync(id, EventTypes.TransactionStopped)).GetProperty("energyDelivered").ValueKind);
    }

    [Fact]
    public async Task Quirk32_NewsInInfoOnly_IsAnEventOfItsOwn()
    {
        var id = await edge.AddChargerAsync();
        await using var charger = await edge.ConnectAsync(id);
        await SendAsync(charger, """[2,"1","StatusNotification",{"connectorId":1,"status":"Faulted","errorCode":"OtherError","info":"E12","vendorErrorCode":"77"}]""");
        await SendAsync(charger, """[2,"2","StatusNotification",{"connectorId":1,"status":"Faulted","errorCode":"OtherError","info":"E13","vendorErrorCode":"77"}]""");
        await SendAsync(charger, """[2,"3","StatusNotification",{"connectorId":1,"status":"Faulted","errorCode":"OtherError","info":"E13","vendorErrorCode":"77"}]""");
        var events = await edge.EventsAsync(id, EventTypes.ConnectorStatusChanged);
        Assert.Equal(["E12", "E13"], events.Select(changed => changed.GetProperty("data").GetProperty("info").GetString()));
    }

    private const string Start = """[2,"start","StartTransaction",{"connectorId":1,"idTag":"TAG","meterStart":100,"timestamp":"2026-02-06T14:30:00Z"}]""";

    private static JsonElement[] Samples(JsonElement updated) =>
        [.. updated.GetProperty("meterValues").EnumerateArray().SelectMany(group => group.GetProperty("sampledValues").EnumerateArray())];

    private async Task<FakeCharger> StartedAsync(string id)
    {
        var charger = await edge.ConnectAsync(id);
        await SendAsync(charger, Start);
        return charger;
    }
}

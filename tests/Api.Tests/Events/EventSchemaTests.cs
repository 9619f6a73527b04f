using System.Text.Json.Nodes;
using Capacitor.Events;
using Capacitor.Testing;
using Json.Schema;

namespace Capacitor.Api.Tests.Events;

[Collection(ApiServer.Collection)]
public sealed class EventSchemaTests(ApiServer server)
{
    public static TheoryData<string> Names => [.. EventTypes.All, EventTypes.WebhookTest];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task GetType_OfEachName_ShowsASchemaThatItsExampleObeys(string name)
    {
        var reply = await server.Http.SendAsync("GET", $"/api/v1/event-types/{name}");

        Assert.Equal(200, reply.Status);
        Assert.Equal(["name", "description", "category", "example", "schema"], Reply.Names(reply.Json));
        Assert.Equal(name, reply.Json.GetProperty("name").GetString());
        var schema = reply.Json.GetProperty("schema");
        Assert.True(MetaSchemas.Draft202012.Evaluate(JsonNode.Parse(schema.GetRawText())).IsValid);
        Assert.DoesNotContain("$ref", schema.GetRawText(), StringComparison.Ordinal);
        EventSchemas.Check(reply.Json.GetProperty("example"));
        Assert.All(Documented(schema), member => Assert.True(reply.Json.GetProperty("example").GetProperty("data").TryGetProperty(member, out _), member));
    }

    [Theory]
    [InlineData("""{"event":"charger.connected","timestamp":"2026-02-06T14:30:00.000Z","data":{"chargeBoxId":"A"},"id":"evt_1"}""")]
    [InlineData("""{"event":"charger.connected","timestamp":"2026-02-06T14:30:00.000Z","data":{"chargeBoxId":"A","name":"B"}}""")]
    [InlineData("""{"event":"charger.connected","timestamp":"2026-02-06T14:30:00Z","data":{"chargeBoxId":"A"}}""")]
    [InlineData("""{"event":"charger.connected","timestamp":"2026-02-06T14:30:00.000Z","data":{}}""")]
    [InlineData("""{"event":"transaction.started","timestamp":"2026-02-06T14:30:00.000Z","data":{"transactionId":"1","chargeBoxId":"A","connectorId":1,"idTag":"B","meterStart":0}}""")]
    [InlineData("""{"event":"charger.exploded","timestamp":"2026-02-06T14:30:00.000Z","data":{"chargeBoxId":"A"}}""")]
    public void Check_WhatIsNotAsDocumented_Fails(string body) =>
        Assert.Throws<EventMismatchException>(() => EventSchemas.Check(System.Text.Encoding.UTF8.GetBytes(body)));

    [Fact]
    public async Task GetType_OfNoEvent_IsNotFound() =>
        (await server.Http.SendAsync("GET", "/api/v1/event-types/charger.exploded")).AssertError(404, "NOT_FOUND", "no event named charger.exploded");

    private static IEnumerable<string> Documented(System.Text.Json.JsonElement schema) =>
        schema.GetProperty("properties").GetProperty("data").GetProperty("required").EnumerateArray().Select(member => member.GetString()!);
}

using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Capacitor.Tenants;
using Capacitor.Testing;

namespace Capacitor.Api.Tests.Chargers;

[Collection(ApiServer.Collection)]
public sealed class AnomalyApiTests(ApiServer server)
{
    private const string OddTime = """{"connectorId":1,"meterValue":[{"timestamp":"2026-02-06 14:31:00","sampledValue":[{"value":"1"}]}]}""";

    [Fact]
    public async Task List_FaultsOfManyKinds_CountsEachAndShowsTheLast()
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectAsync(id);

        await charger.CallAsync("MeterValues", OddTime);
        await charger.CallAsync("MeterValues", OddTime);
        await charger.CallAsync("StatusNotification", """{"connectorId":"1","status":"Sleeping","errorCode":"NoError","colour":"s3cret-colour"}""");

        var found = await ListAsync(id);
        Assert.Equal(2, found["odd_timestamp"].GetProperty("count").GetInt64());
        var example = found["odd_timestamp"].GetProperty("example");
        Assert.Equal(("MeterValues", "meterValue[0].timestamp"), (example.GetProperty("action").GetString(), example.GetProperty("path").GetString()));
        Assert.True(found["odd_timestamp"].GetProperty("firstSeen").GetDateTimeOffset() <= found["odd_timestamp"].GetProperty("lastSeen").GetDateTimeOffset());
        Assert.Equal("connectorId", found["converted"].GetProperty("example").GetProperty("path").GetString());
        Assert.Equal("status", found["unknown_word"].GetProperty("example").GetProperty("path").GetString());
        Assert.Equal("colour", found["unknown_member"].GetProperty("example").GetProperty("path").GetString());
        Assert.DoesNotContain("s3cret", string.Concat(found.Values.Select(anomaly => anomaly.GetRawText())), StringComparison.Ordinal);
        Assert.Equal("odd_timestamp", found.Keys.Last()); // the latest come first
    }

    [Theory]
    [InlineData("unreadable_frame", "[2,\"a\",")]
    [InlineData("unknown_message_type", "[9,\"a\",{}]")]
    [InlineData("unexpected_answer", "[3,\"a\",{}]")]
    [InlineData("malformed_call", "[2,\"a\",\"Heartbeat\"]")]
    [InlineData("numeric_message_id", "[2,7,\"MeterValues\",{\"connectorId\":1,\"meterValue\":[]}]")]
    [InlineData("long_message_id", "[2,\"1234567890123456789012345678901234567\",\"Heartbeat\",{}]")]
    public async Task List_OddFrames_TellsOfThem(string kind, string frame)
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectAsync(id);
        await charger.SendRawAsync(frame);
        await charger.SendRawAsync(frame);

        var found = await UntilAsync(id, kind, 2);
        Assert.NotEqual("", found.GetProperty("example").GetProperty("detail").GetString());
    }

    [Fact]
    public async Task List_BinaryAndEmptyFrames_TellsOfThem()
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectAsync(id);
        await charger.SendRawAsync(Encoding.UTF8.GetBytes("[2,\"b\",\"Heartbeat\",{}]"));
        await charger.SendRawAsync("");

        Assert.Equal("Heartbeat", (await UntilAsync(id, "binary_frame", 1)).GetProperty("example").GetProperty("action").GetString());
        await UntilAsync(id, "empty_frame", 1);
    }

    [Fact]
    public async Task List_AfterARestart_StillTells()
    {
        await using var restarted = await CapacitorServer.StartAsync();
        Assert.Equal(201, (await restarted.Http.SendAsync("POST", "/api/v1/chargers", """{"chargeBoxId":"A"}""")).Status);
        await using (var charger = await FakeCharger.ConnectAsync($"{restarted.BaseAddress}ocpp", "A"))
        {
            await charger.CallAsync("Authorize", """{"idTag":"T","a":1}"""); // commits nothing
        }

        await restarted.RestartAsync();
        var reply = await restarted.Http.SendAsync("GET", "/api/v1/chargers/A/anomalies");
        Assert.Equal("unknown_member", Assert.Single(reply.Json.GetProperty("anomalies").EnumerateArray().ToArray()).GetProperty("kind").GetString());
    }

    [Fact]
    public async Task Clear_ForgetsThem()
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectAsync(id);
        await charger.CallAsync("MeterValues", OddTime);
        Assert.NotEmpty(await ListAsync(id));

        Assert.Equal(200, (await server.Http.SendAsync("DELETE", $"/api/v1/chargers/{id}/anomalies")).Status);
        Assert.Empty(await ListAsync(id));
    }

    [Fact]
    public async Task Anomalies_OfAnotherTenant_AreNotFound()
    {
        var other = await server.Capacitor.AddTenantAsync(Tier.Starter);
        var id = await server.AddChargerAsync(other.Http);

        Assert.Equal(404, (await server.Http.SendAsync("GET", $"/api/v1/chargers/{id}/anomalies")).Status);
        Assert.Equal(404, (await server.Http.SendAsync("DELETE", $"/api/v1/chargers/{id}/anomalies")).Status);
        Assert.Equal(404, (await server.Http.SendAsync("GET", "/api/v1/chargers/nobody/anomalies")).Status);
        Assert.Equal(200, (await other.Http.SendAsync("GET", $"/api/v1/chargers/{id}/anomalies")).Status);
    }

    private async Task<Dictionary<string, JsonElement>> ListAsync(string id)
    {
        var reply = await server.Http.SendAsync("GET", $"/api/v1/chargers/{id}/anomalies");
        Assert.Equal(200, reply.Status);
        return reply.Json.GetProperty("anomalies").EnumerateArray().ToDictionary(anomaly => anomaly.GetProperty("kind").GetString()!);
    }

    // The edge tells of frames a little later, and some at a time.
    private async Task<JsonElement> UntilAsync(string id, string kind, long count)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            if ((await ListAsync(id)).TryGetValue(kind, out var found) && found.GetProperty("count").GetInt64() >= count)
            {
                Assert.Equal(count, found.GetProperty("count").GetInt64());
                return found;
            }

            Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(30), $"No {kind}.");
            await Task.Delay(20);
        }
    }
}

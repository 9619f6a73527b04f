using System.Diagnostics;
using System.Text.Json;
using Capacitor.Chargers;
using Capacitor.Tenants;
using Capacitor.Testing;

namespace Capacitor.Api.Tests.Chargers;

[Collection(ApiServer.Collection)]
public sealed class MessageApiTests(ApiServer server)
{
    private const string Secret = "S3CRET-0123456789ABCDEF";

    [Fact]
    public async Task List_ACallAndItsAnswer_ShowsBothWithTheLatency()
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectAsync(id);
        var before = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        await charger.CallAsync("BootNotification", """{"chargePointVendor":"Acmé","chargePointModel":"One"}""", "b1");

        var messages = await UntilAsync(id, 2);
        Assert.Equal(["id", "direction", "type", "action", "messageId", "frame", "size", "isTruncated", "latencyMs", "timestamp"], Reply.Names(messages[0]));
        Assert.Equal(("out", "result", "BootNotification", "b1"), Heading(messages[0]));
        Assert.Equal(("in", "call", "BootNotification", "b1"), Heading(messages[1]));
        Assert.Equal("""[2,"b1","BootNotification",{"chargePointVendor":"Acmé","chargePointModel":"One"}]""", messages[1].GetProperty("frame").GetString());
        Assert.StartsWith("[3,\"b1\",{\"status\":\"Accepted\"", messages[0].GetProperty("frame").GetString(), StringComparison.Ordinal);
        Assert.InRange(messages[0].GetProperty("latencyMs").GetDouble(), 0.001, 30_000);
        Assert.Equal(JsonValueKind.Null, messages[1].GetProperty("latencyMs").ValueKind);
        Assert.InRange(messages[1].GetProperty("timestamp").GetDateTimeOffset(), before, TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task List_EveryKindInEitherDirection_IsThere()
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectAsync(id);
        Assert.True((await charger.CallAsync("Flurb", messageId: "c1")).IsError);
        await charger.SendRawAsync("no frame at all");
        await charger.SendRawAsync("[3,\"stray\",{}]");
        await UntilAsync(id, 4);
        var taken = SendAsync(id, "Reset", """{"type":"Soft"}""");
        var call = await charger.NextCallAsync();
        await charger.AnswerAsync(call, """{"status":"Accepted"}""");
        Assert.IsType<CommandOutcome.Answered>(await taken);
        var refused = SendAsync(id, "UnlockConnector", """{"connectorId":1}""");
        await charger.RefuseAsync(await charger.NextCallAsync(), "InternalError", "Out of order.");
        Assert.IsType<CommandOutcome.Refused>(await refused);

        var messages = await UntilAsync(id, 8);
        Assert.Equal(
            [
                ("in", "error", "UnlockConnector"), ("out", "call", "UnlockConnector"), ("in", "result", "Reset"), ("out", "call", "Reset"),
                ("in", "result", null), ("in", "unreadable", null), ("out", "error", "Flurb"), ("in", "call", "Flurb"),
            ],
            messages.Select(one => (one.GetProperty("direction").GetString()!, one.GetProperty("type").GetString()!, one.GetProperty("action").GetString())));
        Assert.All([0, 2, 6], answer => Assert.InRange(messages[answer].GetProperty("latencyMs").GetDouble(), 0.001, 30_000));
        Assert.All([1, 3, 4, 5, 7], other => Assert.Equal(JsonValueKind.Null, messages[other].GetProperty("latencyMs").ValueKind));
        Assert.Equal(call.MessageId, messages[2].GetProperty("messageId").GetString());
        Assert.Equal("no frame at all", messages[5].GetProperty("frame").GetString());
    }

    [Fact]
    public async Task List_Secrets_AreNotInIt()
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectAsync(id);
        await charger.CallAsync("Heartbeat"); // it is attached
        var change = SendAsync(id, "ChangeConfiguration", $$"""{"key":"AuthorizationKey","value":"{{Secret}}"}""");
        var call = await charger.NextCallAsync();
        Assert.Equal(Secret, call.Payload.GetProperty("value").GetString());
        await charger.RefuseAsync(call, "PropertyConstraintViolation", $"'{Secret}' is too long.");
        await change;
        var get = SendAsync(id, "GetConfiguration", "{}");
        await charger.AnswerAsync(await charger.NextCallAsync(), $$"""{"configurationKey":[{"key":"HeartbeatInterval","readonly":false,"value":"300"},{"key":"AuthorizationKey","readonly":false,"value":"{{Secret}}"}]}""");
        await get;
        await charger.SendRawAsync($$"""[3,"late",{"configurationKey":[{"key":"AuthorizationKey","value":"{{Secret}}"}]}]""");
        await charger.SendRawAsync($$"""[3,"late",{"configurationKey":[{"key":"AuthorizationKey","value":"{{Secret}}"}]""");
        await charger.SendRawAsync($"AuthorizationKey={Secret}");

        var messages = await UntilAsync(id, 9);
        Assert.All(messages, one => Assert.DoesNotContain(Secret, one.GetRawText(), StringComparison.Ordinal));
        var answer = messages.Single(one => Heading(one) is ("in", "result", "GetConfiguration", _)).GetProperty("frame").GetString()!;
        Assert.Contains("\"HeartbeatInterval\",\"readonly\":false,\"value\":\"300\"", answer, StringComparison.Ordinal);
        Assert.Contains("{\"key\":\"AuthorizationKey\",\"readonly\":false,\"value\":\"***\"}", answer, StringComparison.Ordinal);
        foreach (var file in Directory.GetFiles(Path.Combine(server.Capacitor.DataDirectory, "messages")))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            Assert.DoesNotContain(Secret, await reader.ReadToEndAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task List_PageByPage_LeavesNothingOutAndRepeatsNothing()
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectAsync(id);
        for (var n = 0; n < 15; n++)
        {
            await charger.CallAsync("Heartbeat", messageId: $"h{n}");
        }

        var all = (await UntilAsync(id, 30)).Select(one => one.GetProperty("id").GetString()).ToList();
        Assert.Equal(30, all.Distinct().Count());
        List<string?> paged = [];
        string? cursor = null;
        do
        {
            var page = await ReadAsync(id, $"?limit=7{(cursor is null ? "" : $"&cursor={cursor}")}");
            Assert.Equal(7, page.GetProperty("pagination").GetProperty("limit").GetInt32());
            paged.AddRange(page.GetProperty("messages").EnumerateArray().Select(one => one.GetProperty("id").GetString()));
            cursor = page.GetProperty("pagination").GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);
        Assert.Equal(all, paged);
    }

    [Fact]
    public async Task List_Filters_LetThroughWhatTheyName()
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectAsync(id);
        await charger.CallAsync("Heartbeat");
        await charger.CallAsync("Authorize", """{"idTag":"A"}""");
        var messages = await UntilAsync(id, 4);

        Assert.Equal(["Authorize"], await ActionsAsync(id, "?direction=in&action=Authorize"));
        Assert.Equal(["Authorize", "Heartbeat"], await ActionsAsync(id, "?direction=out"));
        Assert.Equal([], await ActionsAsync(id, "?action=Reset"));
        var from = Uri.EscapeDataString(messages[0].GetProperty("timestamp").GetDateTimeOffset().AddMinutes(1).ToString("O"));
        Assert.Equal([], await ActionsAsync(id, $"?from={from}"));
        Assert.Equal(4, (await ActionsAsync(id, $"?to={from}")).Count);
    }

    [Theory]
    [InlineData("direction=up", "direction")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("cursor=msg_7", "cursor")]
    [InlineData("cursor=msg_ffffffffffffffff", "cursor")]
    [InlineData("from=yesterday", "from")]
    [InlineData("from=2026-02-07T00:00:00Z&to=2026-02-06T00:00:00Z", "to")]
    public async Task List_WrongQuery_IsRefused(string query, string field)
    {
        var id = await server.AddChargerAsync();

        (await server.Http.SendAsync("GET", $"/api/v1/chargers/{id}/messages?{query}")).AssertError(400, "VALIDATION_ERROR", $"'{field}'");
    }

    [Fact]
    public async Task List_OfAnotherTenant_IsNotFound()
    {
        var other = await server.Capacitor.AddTenantAsync(Tier.Starter);
        var id = await server.AddChargerAsync(other.Http);

        Assert.Equal(404, (await server.Http.SendAsync("GET", $"/api/v1/chargers/{id}/messages")).Status);
        Assert.Equal(404, (await server.Http.SendAsync("GET", "/api/v1/chargers/nobody/messages")).Status);
        Assert.Equal(200, (await other.Http.SendAsync("GET", $"/api/v1/chargers/{id}/messages")).Status);
    }

    [Fact]
    public async Task List_RegisteredAnewByAnotherTenant_SeesNothingOfTheOneBefore()
    {
        var id = await server.AddChargerAsync();
        await using (var charger = await server.ConnectAsync(id))
        {
            await charger.CallAsync("Heartbeat");
            await UntilAsync(id, 2);
        }

        Assert.Equal(200, (await server.Http.SendAsync("DELETE", $"/api/v1/chargers/{id}")).Status);
        var other = await server.Capacitor.AddTenantAsync(Tier.Starter);
        Assert.Equal(201, (await other.Http.SendAsync("POST", "/api/v1/chargers", $$"""{"chargeBoxId":"{{id}}"}""")).Status);
        Assert.Empty((await other.Http.SendAsync("GET", $"/api/v1/chargers/{id}/messages")).Json.GetProperty("messages").EnumerateArray());
        await using var again = await server.ConnectAsync(id);
        await again.CallAsync("Authorize", """{"idTag":"A"}""");
        var messages = await UntilAsync(id, 2, other.Http);
        Assert.All(messages, one => Assert.Equal("Authorize", one.GetProperty("action").GetString()));
    }

    private Task<CommandOutcome> SendAsync(string id, string action, string payload)
    {
        Assert.True(ChargeBoxId.TryParse(id, out var charger));
        return server.Capacitor.Grains.GetGrain<IChargerGrain>(charger.GrainKey).SendAsync(
            TenantId.Default, new Command { Action = action, Payload = System.Text.Encoding.UTF8.GetBytes(payload), Timeout = TimeSpan.FromSeconds(30) });
    }

    private static (string?, string?, string?, string?) Heading(JsonElement message) => (
        message.GetProperty("direction").GetString(), message.GetProperty("type").GetString(), message.GetProperty("action").GetString(),
        message.GetProperty("messageId").GetString());

    private async Task<List<string?>> ActionsAsync(string id, string query) =>
        [.. (await ReadAsync(id, query)).GetProperty("messages").EnumerateArray().Select(one => one.GetProperty("action").GetString())];

    private async Task<JsonElement> ReadAsync(string id, string query, HttpClient? http = null)
    {
        var reply = await (http ?? server.Http).SendAsync("GET", $"/api/v1/chargers/{id}/messages{query}");
        Assert.True(reply.Status == 200, reply.Body);
        return reply.Json;
    }

    // They are written some at a time.
    private async Task<JsonElement[]> UntilAsync(string id, int count, HttpClient? http = null)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            JsonElement[] messages = [.. (await ReadAsync(id, "?limit=200", http)).GetProperty("messages").EnumerateArray()];
            if (messages.Length >= count)
            {
                Assert.Equal(count, messages.Length);
                return messages;
            }

            Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(30), $"{messages.Length} of {count} messages.");
            await Task.Delay(50);
        }
    }
}

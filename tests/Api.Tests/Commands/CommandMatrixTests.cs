using System.Text.Json;
using Capacitor.Testing;

namespace Capacitor.Api.Tests.Commands;

/// <summary>Every command, with everything that can come of it.</summary>
[Collection(ApiServer.Collection)]
public sealed class CommandMatrixTests(ApiServer server)
{
    public static TheoryData<CommandCase> Cases => [.. CommandCase.All];

    [Fact]
    public void Cases_EveryCommandOfTheApi_IsThere()
    {
        var paths = CommandCase.All.Select(command => command.Path.Split('?')[0]).ToHashSet();

        Assert.Empty(Capacitor.Api.Commands.CommandSpec.All.Select(spec => spec.Path).Except(paths));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Accepted_TellsWhatTheChargerSaid(CommandCase command)
    {
        var (id, reply) = await RunAsync(command, async (charger, call, number) =>
        {
            Assert.Equal(command.Action, call.Action);
            Assert.True(command.IsSent(call.Payload.GetRawText(), number), call.Payload.GetRawText());
            await charger.AnswerAsync(call, command.Yes);
        });

        Assert.True(reply.Status is 200 or 201 or 202, reply.Body);
        var history = await LastAsync(id, command);
        Assert.Equal(("accepted", command.Action), (Text(history, "status"), Text(history, "command")));
        Assert.NotNull(Text(history, "sentAt"));
        Assert.NotNull(Text(history, "completedAt"));
        Assert.Equal("command.completed", (await EventsAsync(id))[^1]);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Rejected_IsAConflictWithTheChargersWord(CommandCase command)
    {
        if (command.No is not { } no)
        {
            Assert.DoesNotContain("\"status\"", command.Yes, StringComparison.Ordinal); // it has no word for no
            return;
        }

        var (id, reply) = await RunAsync(command, (charger, call, _) => charger.AnswerAsync(call, no));

        reply.AssertError(409, "COMMAND_REJECTED");
        var details = reply.Json.GetProperty("error").GetProperty("details");
        Assert.Equal(JsonElement.Parse(no).GetProperty("status").GetString(), details.GetProperty("ocppStatus").GetString());
        Assert.Equal("rejected", Text(await FindAsync(details.GetProperty("commandId").GetString()!), "status"));
        Assert.Contains("command.failed", await EventsAsync(id));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task NotSupported_IsAConflictWithTheCode(CommandCase command)
    {
        var (id, reply) = await RunAsync(command, (charger, call, _) => charger.RefuseAsync(call, "NotSupported", "not here"));

        reply.AssertError(409, "COMMAND_REJECTED", "not here");
        var details = reply.Json.GetProperty("error").GetProperty("details");
        Assert.Equal("NotSupported", details.GetProperty("ocppErrorCode").GetString());
        var history = await FindAsync(details.GetProperty("commandId").GetString()!);
        Assert.Equal(("rejected", "NotSupported"), (Text(history, "status"), Text(history, "errorCode")));
        Assert.Contains("command.failed", await EventsAsync(id));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task NoAnswerInTime_IsATimeout_AndTheLateAnswerIsKept(CommandCase command)
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectReadyAsync(id);
        var number = await PrepareAsync(command, charger, id);
        var asked = AskAsync(command, id, number, (command.Path.Contains('?') ? "&" : "?") + "timeout=1");
        var call = await charger.NextCallAsync();
        var reply = await asked;

        reply.AssertError(504, "COMMAND_TIMEOUT", "may still");
        var commandId = reply.Json.GetProperty("error").GetProperty("details").GetProperty("commandId").GetString()!;
        Assert.Equal("timeout", Text(await FindAsync(commandId), "status"));

        await charger.AnswerAsync(call, command.Yes);
        JsonElement[] late;
        do
        {
            var events = await server.WaitForEventsAsync(id, "command.completed");
            late = [.. events.Where(item => Text(item, "event") == "command.completed" && Text(item.GetProperty("data"), "commandId") == commandId)];
        }
        while (late.Length == 0);

        Assert.Equal("late", Text(Assert.Single(late).GetProperty("data"), "status"));
        Assert.Equal("late", Text(await FindAsync(commandId), "status"));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task NotConnected_IsUnavailableAtOnce(CommandCase command)
    {
        var id = await server.AddChargerAsync();
        var number = 0;
        if (command.Path.Contains("{number}", StringComparison.Ordinal))
        {
            await using var charger = await server.ConnectReadyAsync(id);
            number = await PrepareAsync(command, charger, id);
        }

        await server.WaitUntilOfflineAsync(id);
        var before = await EventsAsync(id);
        (await AskAsync(command, id, number)).AssertError(503, "SERVICE_UNAVAILABLE", $"Charger {id} is not connected");
        Assert.Equal(before, await EventsAsync(id));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task DroppedInTheMiddle_IsUnknown(CommandCase command)
    {
        var (id, reply) = await RunAsync(command, (charger, _, _) =>
        {
            charger.Cut();
            return Task.CompletedTask;
        });

        reply.AssertError(504, "COMMAND_TIMEOUT", "disconnected");
        var history = await FindAsync(reply.Json.GetProperty("error").GetProperty("details").GetProperty("commandId").GetString()!);
        Assert.Equal(("failed", "disconnected"), (Text(history, "status"), Text(history, "reason")));
        Assert.Contains("command.failed", await EventsAsync(id));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Async_IsBegunAtOnceAndFoundLater(CommandCase command)
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectReadyAsync(id);
        var number = await PrepareAsync(command, charger, id);
        var reply = await AskAsync(command, id, number, (command.Path.Contains('?') ? "&" : "?") + "async=true");

        Assert.Equal(202, reply.Status);
        var commandId = reply.Json.GetProperty("commandId").GetString()!;
        Assert.Equal($"/api/v1/commands/{commandId}", reply.Header("Location"));
        var call = await charger.NextCallAsync();
        Assert.True(Text(await FindAsync(commandId), "status") is "queued" or "sent");

        await charger.AnswerAsync(call, command.Yes);
        while (Text(await FindAsync(commandId), "completedAt") is null)
        {
            await charger.CallAsync("Heartbeat");
        }

        Assert.Equal("accepted", Text(await FindAsync(commandId), "status"));
        Assert.Equal("command.completed", (await EventsAsync(id))[^1]);
    }

    private async Task<(string Id, Reply Reply)> RunAsync(CommandCase command, Func<FakeCharger, FakeCall, int, Task> answer)
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectReadyAsync(id);
        var number = await PrepareAsync(command, charger, id);
        var asked = AskAsync(command, id, number);
        await answer(charger, await charger.NextCallAsync(), number);
        return (id, await asked);
    }

    private Task<Reply> AskAsync(CommandCase command, string id, int number, string query = "") =>
        server.Http.SendAsync(command.Method, command.PathOf(id, number) + query, command.Body?.Replace("{id}", id));

    /// <summary>The transaction or reservation that a command needs; 0 for others.</summary>
    private async Task<int> PrepareAsync(CommandCase command, FakeCharger charger, string id)
    {
        if (command.Action == "RemoteStopTransaction")
        {
            var started = await charger.CallAsync("StartTransaction", """{"connectorId":1,"idTag":"TAG-1","meterStart":0,"timestamp":"2026-02-06T14:30:00Z"}""");
            return started.Payload.GetProperty("transactionId").GetInt32();
        }

        if (command.Action != "CancelReservation")
        {
            return 0;
        }

        var asked = AskAsync(CommandCase.All.Single(other => other.Action == "ReserveNow"), id, 0);
        await charger.AnswerAsync(await charger.NextCallAsync(), """{"status":"Accepted"}""");
        return (await asked).Json.GetProperty("reservationId").GetInt32();
    }

    /// <summary>The charger's last command.</summary>
    private async Task<JsonElement> LastAsync(string id, CommandCase command)
    {
        var listed = (await server.Http.SendAsync("GET", $"/api/v1/chargers/{id}/commands?command={command.Action}")).Json.GetProperty("commands")[0];
        Assert.Equal(listed.GetRawText(), (await FindAsync(Text(listed, "id")!)).GetRawText());
        return listed;
    }

    private async Task<JsonElement> FindAsync(string commandId)
    {
        var reply = await server.Http.SendAsync("GET", $"/api/v1/commands/{commandId}");
        Assert.Equal(200, reply.Status);
        return reply.Json;
    }

    private async Task<string[]> EventsAsync(string id) =>
        [.. (await server.ListEventsAsync(id)).Select(item => Text(item, "event")!).Where(name => name.StartsWith("command.", StringComparison.Ordinal))];

    private static string? Text(JsonElement element, string member) => element.GetProperty(member).ValueKind == JsonValueKind.Null ? null : element.GetProperty(member).GetString();
}

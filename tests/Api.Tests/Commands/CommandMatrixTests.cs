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
        var (id, reply) = await RunAsync(command, async (charger, call) =>
        {
            Assert.Equal(command.Action, call.Action);
            Assert.True(command.IsSent(call.Payload.GetRawText()), call.Payload.GetRawText());
            await charger.AnswerAsync(call, command.Yes);
        });

        Assert.True(reply.Status is 200 or 202, reply.Body);
        Assert.Equal(id, reply.Json.GetProperty("chargeBoxId").GetString());
        var history = await FindAsync(reply.Json.GetProperty("commandId").GetString()!);
        Assert.Equal(("accepted", command.Action), (Text(history, "status"), Text(history, "command")));
        Assert.NotNull(Text(history, "sentAt"));
        Assert.NotNull(Text(history, "completedAt"));
        Assert.Equal(["command.completed"], await EventsAsync(id));
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

        var (id, reply) = await RunAsync(command, (charger, call) => charger.AnswerAsync(call, no));

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
        var (id, reply) = await RunAsync(command, (charger, call) => charger.RefuseAsync(call, "NotSupported", "not here"));

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
        var asked = AskAsync(command, id, (command.Path.Contains('?') ? "&" : "?") + "timeout=1");
        var call = await charger.NextCallAsync();
        var reply = await asked;

        reply.AssertError(504, "COMMAND_TIMEOUT", "may still");
        var commandId = reply.Json.GetProperty("error").GetProperty("details").GetProperty("commandId").GetString()!;
        Assert.Equal("timeout", Text(await FindAsync(commandId), "status"));

        await charger.AnswerAsync(call, command.Yes);
        var events = await server.WaitForEventsAsync(id, "command.completed");
        Assert.Equal("late", events.Single(item => Text(item, "event") == "command.completed").GetProperty("data").GetProperty("status").GetString());
        Assert.Equal("late", Text(await FindAsync(commandId), "status"));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task NotConnected_IsUnavailableAtOnce(CommandCase command)
    {
        var id = await server.AddChargerAsync();

        (await AskAsync(command, id)).AssertError(503, "SERVICE_UNAVAILABLE", $"Charger {id} is not connected");
        Assert.Empty(await EventsAsync(id));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task DroppedInTheMiddle_IsUnknown(CommandCase command)
    {
        var (id, reply) = await RunAsync(command, (charger, _) =>
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
        var reply = await AskAsync(command, id, (command.Path.Contains('?') ? "&" : "?") + "async=true");

        Assert.Equal(202, reply.Status);
        var commandId = reply.Json.GetProperty("commandId").GetString()!;
        Assert.Equal($"/api/v1/commands/{commandId}", reply.Header("Location"));
        var call = await charger.NextCallAsync();
        Assert.True(Text(await FindAsync(commandId), "status") is "queued" or "sent");

        await charger.AnswerAsync(call, command.Yes);
        await server.WaitForEventsAsync(id, "command.completed");
        Assert.Equal("accepted", Text(await FindAsync(commandId), "status"));
    }

    private async Task<(string Id, Reply Reply)> RunAsync(CommandCase command, Func<FakeCharger, FakeCall, Task> answer)
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectReadyAsync(id);
        var asked = AskAsync(command, id);
        await answer(charger, await charger.NextCallAsync());
        return (id, await asked);
    }

    private Task<Reply> AskAsync(CommandCase command, string id, string query = "") =>
        server.Http.SendAsync(command.Method, $"/api/v1/chargers/{id}/{command.Path}{query}", command.Body);

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

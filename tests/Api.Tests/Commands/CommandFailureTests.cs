using System.Text;
using Capacitor.Api.Commands;
using Capacitor.Chargers;

namespace Capacitor.Api.Tests.Commands;

public sealed class CommandFailureTests
{
    public static TheoryData<CommandOutcome, int, string> Refusals => new()
    {
        { new CommandOutcome.UnknownCharger(), 404, "NOT_FOUND" },
        { new CommandOutcome.NotConnected(), 503, "SERVICE_UNAVAILABLE" },
        { new CommandOutcome.Disconnected(), 504, "COMMAND_TIMEOUT" },
        { new CommandOutcome.QueueFull(), 503, "SERVICE_UNAVAILABLE" },
        { new CommandOutcome.TimedOut(), 504, "COMMAND_TIMEOUT" },
        { new CommandOutcome.Refused("NotSupported", ""), 409, "COMMAND_REJECTED" },
        { Answered("""{"status":"Rejected"}"""), 409, "COMMAND_REJECTED" },
        { Answered("""{"status":"Perhaps"}"""), 409, "COMMAND_REJECTED" },
        { Answered("{}"), 409, "COMMAND_REJECTED" },
        { Answered("[]"), 409, "COMMAND_REJECTED" },
        { Answered("no JSON"), 409, "COMMAND_REJECTED" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Of_AnythingButAcceptance_SaysWhy(CommandOutcome outcome, int status, string code)
    {
        var ended = new EndedCommand(Guid.NewGuid(), outcome, "Reset");
        var error = CommandFailure.Of(new ChargeBoxId("A"), "Reset", ended);

        Assert.False(ended.Succeeded);
        Assert.Equal((status, code), (error.Status, error.Code));
    }

    [Theory]
    [InlineData("""{"status":"Accepted"}""")]
    [InlineData("""{"status":"accepted"}""")]
    [InlineData("""{"status":"Accepted","more":1}""")]
    public void Succeeded_Acceptance_IsTrue(string answer) => Assert.True(new EndedCommand(Guid.NewGuid(), Answered(answer), "Reset").Succeeded);

    private static CommandOutcome.Answered Answered(string payload) => new(Encoding.UTF8.GetBytes(payload));
}

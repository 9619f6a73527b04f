using System.Text;
using Capacitor.Api.Commands;
using Capacitor.Chargers;
using Capacitor.Ocpp.V16;

namespace Capacitor.Api.Tests.Commands;

public sealed class ChargerCommandTests
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
    public void Judge_AnythingButAcceptance_SaysWhy(CommandOutcome outcome, int status, string code)
    {
        var error = Judge(outcome);

        Assert.NotNull(error);
        Assert.Equal((status, code), (error.Status, error.Code));
    }

    [Theory]
    [InlineData("""{"status":"Accepted"}""")]
    [InlineData("""{"status":"accepted"}""")]
    [InlineData("""{"status":"Accepted","more":1}""")]
    public void Judge_Acceptance_IsNoError(string answer) => Assert.Null(Judge(Answered(answer)));

    private static Capacitor.Api.Errors.ApiError? Judge(CommandOutcome outcome) =>
        ChargerCommand.Judge(outcome, new ChargeBoxId("A"), "Reset", (ResetResponse answer) => answer.Status);

    private static CommandOutcome.Answered Answered(string payload) => new(Encoding.UTF8.GetBytes(payload));
}

using Capacitor.Api.Chargers;
using Capacitor.Api.Security;
using Capacitor.Chargers;

namespace Capacitor.Api.Commands;

/// <summary>Finds the charger of a request before its body is read: a missing charger is told before a wrong body.</summary>
internal sealed class CommandTarget(IGrainFactory grains, CommandRunner runner)
{
    public Task<IResult> RunAsync(Caller caller, string chargeBoxId, Func<Task<CommandRequest>> read) => RunAsync(caller, chargeBoxId, read, CommandResult.Done);

    public async Task<IResult> RunAsync(
        Caller caller, string chargeBoxId, Func<Task<CommandRequest>> read, Func<ChargeBoxId, CommandRequest, EndedCommand, IResult> done)
    {
        if (await ChargerEndpoints.LookUpAsync(grains, caller, chargeBoxId) is not { Charger.ChargeBoxId: var id })
        {
            return ChargerEndpoints.Missing(chargeBoxId);
        }

        var request = await read();
        return await runner.RunAsync(caller, id, request, ended => done(id, request, ended));
    }
}

namespace Capacitor.Grains.Chargers;

internal sealed partial class ChargerGrain
{
    // What is still due after a look cannot be done now: nobody shall ask for it again and again.
    private static readonly TimeSpan LookPause = TimeSpan.FromSeconds(10);

    public async Task LookAsync()
    {
        if (State.Registration is null)
        {
            DeactivateOnIdle();
            return;
        }

        var now = time.GetUtcNow();
        await CommitAsync(
            async () =>
            {
                await commandEnds.EndOverdueAsync(State, _remoteStarts, now);
                State.Look(options.Value, now);
                State.Outbox.Charger = State.ToCharger(); // the time in the row moves, whatever came of it
            },
            now + LookPause);
    }
}

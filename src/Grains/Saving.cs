namespace Capacitor.Grains;

/// <summary>Writes in which memory never runs ahead of storage: a grain whose write failed starts again from what is stored.</summary>
internal static class Saving
{
    public static Task SaveAsync<T>(this IGrainBase grain, IPersistentState<T> state) => OrRestart(grain, state.WriteStateAsync());

    public static Task EraseAsync<T>(this IGrainBase grain, IPersistentState<T> state) => OrRestart(grain, state.ClearStateAsync());

    private static async Task OrRestart(IGrainBase grain, Task write)
    {
        try
        {
            await write;
        }
        catch
        {
            grain.DeactivateOnIdle();
            throw;
        }
    }
}

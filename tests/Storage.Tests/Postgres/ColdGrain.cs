using Capacitor.Events;
using Orleans.Runtime;

namespace Capacitor.Storage.Tests.Postgres;

[GenerateSerializer, Alias("test.cold-state")]
internal sealed class ColdState
{
    [Id(0)]
    public string Text { get; set; } = "";
}

[Alias("test.IColdGrain")]
internal interface IColdGrain : IGrainWithStringKey
{
    [Alias("Write")]
    Task<string?> WriteAsync(string text);

    [Alias("Read")]
    Task<(string Text, bool Exists)> ReadAsync();

    [Alias("Clear")]
    Task ClearAsync();

    /// <summary>Reads the state anew, as another activation would.</summary>
    [Alias("ReadAgain")]
    Task<(string Text, bool Exists)> ReadAgainAsync();
}

[GrainType("test-cold")]
internal sealed class ColdGrain([PersistentState("test-cold", EventStream.ColdStorage)] IPersistentState<ColdState> state) : Grain, IColdGrain
{
    public async Task<string?> WriteAsync(string text)
    {
        state.State.Text = text;
        await state.WriteStateAsync();
        return state.Etag;
    }

    public Task<(string Text, bool Exists)> ReadAsync() => Task.FromResult((state.State.Text, state.RecordExists));

    public Task ClearAsync() => state.ClearStateAsync();

    public async Task<(string Text, bool Exists)> ReadAgainAsync()
    {
        await state.ReadStateAsync();
        return (state.State.Text, state.RecordExists);
    }
}

namespace Capacitor.Messages;

/// <summary>The message log, for processes without storage; many activations, no state. Key: <see cref="Key"/>.</summary>
[Alias("capacitor.IMessageLogGrain")]
public interface IMessageLogGrain : IGrainWithStringKey
{
    /// <summary>The only key.</summary>
    public const string Key = "m/log";

    /// <summary>Writes frames; may be repeated. The blocks are the caller's again when it ends well.</summary>
    [Alias("Write"), ResponseTimeout(AskAgain.Later)]
    Task WriteAsync(IReadOnlyList<MessageBlock> blocks);

    /// <inheritdoc cref="IMessageStore.ListAsync"/>
    [Alias("List"), ResponseTimeout(AskAgain.Later)]
    Task<MessagePage> ListAsync(string charger, MessageFilter filter, long before, int limit);
}

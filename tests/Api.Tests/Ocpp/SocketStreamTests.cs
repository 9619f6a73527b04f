using Capacitor.Api.Ocpp;

namespace Capacitor.Api.Tests.Ocpp;

public sealed class SocketStreamTests
{
    [Fact]
    public async Task TryWrite_AfterTheClose_SendsNothingAndSaysSo()
    {
        using var sent = new MemoryStream();
        await using var stream = new SocketStream(sent, new LifeClock());
        byte[] close = [0x88, 0x00];
        byte[] text = [0x81, 0x00];

        Assert.True(stream.TryWrite(text, out var first));
        await first;
        await stream.WriteAsync(close);
        Assert.False(stream.TryWrite(text, out var late));
        await late;
        Assert.Equal([.. text, .. close], sent.ToArray());
    }
}

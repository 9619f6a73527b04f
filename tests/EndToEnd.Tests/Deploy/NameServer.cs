using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Capacitor.EndToEnd.Tests.Deploy;

/// <summary>A name server that answers every question for IPv4 addresses with the same ones, as Docker's does for a service with several containers.</summary>
internal sealed class NameServer : IAsyncDisposable
{
    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;

    public NameServer(params IPAddress[] addresses) => _serving = ServeAsync(addresses);

    public IPEndPoint Address => (IPEndPoint)_socket.Client.LocalEndPoint!;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving;
        _socket.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync(IPAddress[] addresses)
    {
        try
        {
            while (true)
            {
                var question = await _socket.ReceiveAsync(_end.Token);
                await _socket.SendAsync(Answer(question.Buffer, addresses), question.RemoteEndPoint, _end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private static byte[] Answer(byte[] question, IPAddress[] addresses)
    {
        var end = 12;
        while (question[end] != 0)
        {
            end += question[end] + 1;
        }

        end += 5; // the root's empty label, type and class
        var isIpv4 = BinaryPrimitives.ReadUInt16BigEndian(question.AsSpan(end - 4)) == 1;
        List<byte> answer = [.. question[..end]];
        answer[2] = 0x81; // a response
        answer[3] = 0x80; // no error
        answer[6] = 0;
        answer[7] = (byte)(isIpv4 ? addresses.Length : 0);
        answer[8] = answer[9] = answer[10] = answer[11] = 0; // what the question says of itself is not repeated
        foreach (var address in isIpv4 ? addresses : [])
        {
            answer.AddRange([0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4]); // the name asked for, type A, class IN, for a second, four bytes
            answer.AddRange(address.GetAddressBytes());
        }

        return [.. answer];
    }
}

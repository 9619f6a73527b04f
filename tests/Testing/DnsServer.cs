using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Capacitor.Testing;

/// <summary>What is answered to a question.</summary>
public sealed record DnsAnswer
{
    /// <summary>There is no such name.</summary>
    public static DnsAnswer Unknown { get; } = new() { Code = 3 };

    /// <summary>The server has a problem of its own.</summary>
    public static DnsAnswer Failure { get; } = new() { Code = 2 };

    /// <summary>Nothing at all.</summary>
    public static DnsAnswer Silence { get; } = new() { Code = -1 };

    internal int Code { get; private init; }

    internal uint Seconds { get; private init; }

    internal IReadOnlyList<IPAddress> Addresses { get; private init; } = [];

    /// <summary>These addresses, IPv4 and IPv6 as asked for, not to be kept.</summary>
    public static DnsAnswer Of(params string[] addresses) => new() { Addresses = [.. addresses.Select(IPAddress.Parse)] };

    /// <summary>The same, to be kept for some seconds.</summary>
    public DnsAnswer For(uint seconds) => this with { Seconds = seconds };
}

/// <summary>A DNS server on a free UDP port of 127.0.0.1, which knows the names it was told and counts questions.</summary>
public sealed class DnsServer : IAsyncDisposable
{
    private const int TypeA = 1;
    private const int TypeAaaa = 28;
    private const int HeaderLength = 12;

    private readonly UdpClient _udp = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, DnsAnswer[]> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<(string Name, int Type), int> _asked = new();
    private readonly TaskCompletionSource _firstQuestion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _serving;

    /// <summary>Starts one.</summary>
    public DnsServer() => _serving = ServeAsync();

    /// <summary>Where it listens, as configuration has it.</summary>
    public string Address => _udp.Client.LocalEndPoint!.ToString()!;

    /// <summary>Ends when the first question has come.</summary>
    public Task FirstQuestion => _firstQuestion.Task.WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>What it answers for a name: one answer after another, and the last one from then on. Other names are unknown.</summary>
    public void Set(string name, params DnsAnswer[] answers) => _names[name] = answers;

    /// <summary>How often it was asked for a name's IPv4 addresses.</summary>
    public int Asked(string name) => _asked.GetValueOrDefault((name.ToUpperInvariant(), TypeA));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _udp.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var question = await _udp.ReceiveAsync(_stop.Token);
                if (Answer(question.Buffer) is { } answer)
                {
                    await _udp.SendAsync(answer, question.RemoteEndPoint, _stop.Token);
                }

                _firstQuestion.TrySetResult();
            }
        }
        catch (OperationCanceledException)
        {
            // It was told to stop.
        }
    }

    private byte[]? Answer(byte[] question)
    {
        var (name, end) = ReadName(question);
        var type = BinaryPrimitives.ReadUInt16BigEndian(question.AsSpan(end));
        var count = _asked.AddOrUpdate((name.ToUpperInvariant(), type), 1, (_, before) => before + 1);
        var answer = _names.TryGetValue(name, out var answers) ? answers[Math.Min(count, answers.Length) - 1] : DnsAnswer.Unknown;
        return answer.Code < 0 ? null : Write(question.AsSpan(0, end + 4), type, answer);
    }

    private static (string Name, int End) ReadName(byte[] question)
    {
        var labels = new List<string>();
        var at = HeaderLength;
        while (question[at] != 0)
        {
            labels.Add(Encoding.ASCII.GetString(question, at + 1, question[at]));
            at += question[at] + 1;
        }

        return (string.Join('.', labels), at + 1);
    }

    // The question comes back, and each record points to its name.
    private static byte[] Write(ReadOnlySpan<byte> question, int type, DnsAnswer answer)
    {
        var family = type switch { TypeA => AddressFamily.InterNetwork, TypeAaaa => AddressFamily.InterNetworkV6, _ => AddressFamily.Unknown };
        var records = answer.Addresses.Where(address => address.AddressFamily == family).Select(address => address.GetAddressBytes()).ToList();
        var message = new List<byte>(question.ToArray());
        Span<byte> number = stackalloc byte[4];
        (message[2], message[3]) = (0x81, (byte)(0x80 | answer.Code));
        (message[6], message[7], message[8], message[9], message[10], message[11]) = (0, (byte)records.Count, 0, 0, 0, 0);
        foreach (var address in records)
        {
            BinaryPrimitives.WriteUInt32BigEndian(number, answer.Seconds);
            message.AddRange([0xc0, HeaderLength, 0, (byte)type, 0, 1, .. number, 0, (byte)address.Length, .. address]);
        }

        return [.. message];
    }
}

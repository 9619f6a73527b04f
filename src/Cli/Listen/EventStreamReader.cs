using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;

namespace Capacitor.Cli.Listen;

/// <summary>Reads server-sent events with the fields that are ours, and the data as the bytes that came.</summary>
internal sealed class EventStreamReader(Stream stream, TimeProvider time)
{
    /// <summary>The server says something every 15 seconds, or 30 at the most. A line that is silent for so long is dead.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, string> _fields = [];
    private readonly ArrayBufferWriter<byte> _data = new();

    /// <summary>What comes, until the server ends the stream.</summary>
    /// <exception cref="IOException">The connection broke, or is dead.</exception>
    public async IAsyncEnumerable<StreamMessage> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var input = PipeReader.Create(stream);
        while (true)
        {
            var read = await ReadOnAsync(input, cancellation);
            var rest = read.Buffer;
            while (TryTakeLine(ref rest, out var line))
            {
                if (Take(line) is { } message)
                {
                    yield return message;
                }
            }

            input.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted)
            {
                yield break; // what has no blank line behind it is not whole
            }
        }
    }

    private async Task<ReadResult> ReadOnAsync(PipeReader input, CancellationToken cancellation)
    {
        try
        {
            return await input.ReadAsync(cancellation).AsTask().WaitAsync(LongestSilence, time, cancellation);
        }
        catch (TimeoutException failure)
        {
            throw new IOException($"the server has said nothing for {LongestSilence.TotalSeconds:0} seconds", failure);
        }
    }

    private static bool TryTakeLine(ref ReadOnlySequence<byte> rest, out ReadOnlySpan<byte> line)
    {
        if (rest.PositionOf((byte)'\n') is not { } end)
        {
            line = default;
            return false;
        }

        var slice = rest.Slice(0, end);
        line = slice.IsSingleSegment ? slice.FirstSpan : slice.ToArray();
        line = line.EndsWith("\r"u8) ? line[..^1] : line;
        rest = rest.Slice(rest.GetPosition(1, end));
        return true;
    }

    /// <summary>The message that the line ends, if it ends one.</summary>
    private StreamMessage? Take(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty)
        {
            return End();
        }

        var colon = line.IndexOf((byte)':');
        if (colon == 0)
        {
            return null; // a comment
        }

        var name = colon < 0 ? line : line[..colon];
        var value = colon < 0 ? default : line[(colon + 1)..];
        value = value.StartsWith(" "u8) ? value[1..] : value;
        if (!name.SequenceEqual("data"u8))
        {
            _fields[Encoding.UTF8.GetString(name)] = Encoding.UTF8.GetString(value);
            return null;
        }

        if (_data.WrittenCount > 0)
        {
            _data.Write("\n"u8);
        }

        _data.Write(value);
        return null;
    }

    private StreamMessage End()
    {
        var item = _data.WrittenCount == 0 ? null : new StreamedEvent(_fields.GetValueOrDefault("webhook-id", ""), _fields.GetValueOrDefault("event", ""), _data.WrittenSpan.ToArray())
        {
            Sequence = _fields.GetValueOrDefault("sequence"),
            ChargerSequence = _fields.GetValueOrDefault("charger-sequence"),
        };
        var message = new StreamMessage(_fields.GetValueOrDefault("id"), item);
        _fields.Clear();
        _data.ResetWrittenCount();
        return message;
    }
}

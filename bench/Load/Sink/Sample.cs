using System.Text;

namespace Capacitor.Load.Sink;

/// <summary>The first requests that came, for a program that is to send the same.</summary>
internal sealed class Sample(int size)
{
    private readonly List<string> _lines = [];

    /// <summary>Keeps a request while there is room.</summary>
    public void Take(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        if (_lines.Count < size)
        {
            _lines.Add($"{Encoding.ASCII.GetString(Repeats.IdOf(head))}\t{Encoding.UTF8.GetString(body)}");
        }
    }

    /// <summary>Writes a line a request: the event's id, a tab, the body.</summary>
    public Task SaveAsync(string file) => File.WriteAllLinesAsync(file, _lines);
}

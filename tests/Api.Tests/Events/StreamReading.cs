using System.Text;

namespace Capacitor.Api.Tests.Events;

/// <summary>What lies between two blank lines of a stream; a field that comes twice is joined by newlines, comments are under the empty name.</summary>
internal sealed record StreamFrame(IReadOnlyDictionary<string, string> Fields)
{
    public bool IsEvent => Fields.ContainsKey("data");

    public bool IsHeartbeat => Field("") == "heartbeat";

    public string? Id => Field("id");

    public string? Type => Field("event");

    public string? Data => Field("data");

    public string? Field(string name) => Fields.GetValueOrDefault(name);
}

/// <summary>A client of the event stream, which reads one frame when it is asked for one.</summary>
internal sealed class StreamReading : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private StreamReading(HttpResponseMessage response, Stream body)
    {
        _response = response;
        _reader = new(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
    }

    public HttpResponseMessage Response => _response;

    /// <summary>What it began with.</summary>
    public StreamFrame First { get; private set; } = null!;

    /// <summary>Begins a stream, and returns when its headers and its first heartbeat are there.</summary>
    public static async Task<StreamReading> BeginAsync(HttpClient http, string query = "", string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/events/stream{query}");
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience);
        Assert.True(response.IsSuccessStatusCode, await (response.IsSuccessStatusCode ? Task.FromResult("") : response.Content.ReadAsStringAsync()));
        var reading = new StreamReading(response, await response.Content.ReadAsStreamAsync());
        reading.First = (await reading.NextAsync())!;
        Assert.True(reading.First.IsHeartbeat);
        return reading;
    }

    /// <summary>The next frame; null at the end.</summary>
    public async Task<StreamFrame?> NextAsync()
    {
        Dictionary<string, string> fields = [];
        while (await _reader.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (line.Length == 0)
            {
                return new(fields);
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var value = line[(colon + 1)..].TrimStart(' ');
            fields[line[..colon]] = fields.TryGetValue(line[..colon], out var before) ? $"{before}\n{value}" : value;
        }

        return null;
    }

    /// <summary>The next frames that are events.</summary>
    public async Task<List<StreamFrame>> EventsAsync(int count)
    {
        List<StreamFrame> events = [];
        while (events.Count < count)
        {
            var frame = await NextAsync();
            Assert.NotNull(frame);
            if (frame.IsEvent)
            {
                events.Add(frame);
            }
        }

        return events;
    }

    /// <summary>All frames up to the end.</summary>
    public async Task<List<StreamFrame>> RestAsync()
    {
        List<StreamFrame> frames = [];
        while (await NextAsync() is { } frame)
        {
            frames.Add(frame);
        }

        return frames;
    }

    public void Dispose()
    {
        _response.Dispose();
        _reader.Dispose();
    }
}

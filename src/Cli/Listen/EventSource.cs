using System.Net;

namespace Capacitor.Cli.Listen;

/// <summary>Opens the stream, and says why it cannot be.</summary>
internal sealed class EventSource : IDisposable
{
    private readonly ListenOptions _options;
    private readonly HttpClient _http;

    public EventSource(ListenOptions options)
    {
        _options = options;

        // The key is for this server and for no other that it may point to.
        _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(10) }) { Timeout = TimeSpan.FromSeconds(60) };
        _http.DefaultRequestHeaders.TryAddWithoutValidation("X-API-Key", options.ApiKey);
        _http.DefaultRequestHeaders.TryAddWithoutValidation("Accept", "text/event-stream");
    }

    /// <summary>Begins behind a position, or with what happens from now on.</summary>
    /// <exception cref="ListenException">The server does not want us, and will not in a moment either.</exception>
    /// <exception cref="HttpRequestException">The server cannot be reached, or not now; the message says why.</exception>
    public async Task<HttpResponseMessage> OpenAsync(string? after, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _options.StreamUrl);
        if (after is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", after);
        }

        HttpResponseMessage answer;
        try
        {
            answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (TaskCanceledException failure) when (!cancellation.IsCancellationRequested)
        {
            throw new HttpRequestException($"no answer within {_http.Timeout.TotalSeconds:0} seconds", failure);
        }

        if (answer.StatusCode == HttpStatusCode.OK && answer.Content.Headers.ContentType?.MediaType == "text/event-stream")
        {
            return answer;
        }

        using (answer)
        {
            throw await ExplainAsync(answer, cancellation);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<Exception> ExplainAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var status = (int)answer.StatusCode;
        var reason = await Refusal.ReasonAsync(answer, cancellation);
        return status switch
        {
            401 => new ListenException(ListenException.WrongKey, $"The API key was refused: {reason}"),
            403 => new ListenException(ListenException.Forbidden, $"This account may not listen: {reason}"),
            429 or >= 500 => new HttpRequestException($"{status}, {reason}"),
            400 => new ListenException(ListenException.NoStart, reason),
            _ => new ListenException(ListenException.WrongUrl, $"There are no events of Capacitor at {_options.Url} ({status}, {reason}). Is --url right?"),
        };
    }
}

using System.Net.Http.Headers;
using System.Threading.Channels;

namespace Capacitor.Limit;

/// <summary>Posts every event once, at most <see cref="InFlight"/> at a time; who writes faster than the receiver takes waits.</summary>
internal sealed class Hooks : IAsyncDisposable
{
    private const int InFlight = 256;
    private static readonly MediaTypeHeaderValue s_json = new("application/json");

    private readonly Channel<byte[]> _events = Channel.CreateBounded<byte[]>(InFlight);
    // HttpClient without its own timer per request, which only this program can do without.
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, ActivityHeadersPropagator = null });
    private Uri? _url;
    private int _opened;

    public Hooks(string? url)
    {
        if (url is not null)
        {
            Open(url);
        }
    }

    public void Open(string url)
    {
        _url = new Uri(url);
        if (Interlocked.Exchange(ref _opened, 1) == 0)
        {
            for (var sender = 0; sender < InFlight; sender++)
            {
                _ = SendAsync();
            }
        }
    }

    public ValueTask PostAsync(byte[] body) => _url is null ? default : _events.Writer.WriteAsync(body);

    public ValueTask DisposeAsync()
    {
        _events.Writer.TryComplete();
        _http.Dispose();
        return default;
    }

    private async Task SendAsync()
    {
        await foreach (var body in _events.Reader.ReadAllAsync())
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = new ByteArrayContent(body) { Headers = { ContentType = s_json } } };
                using var response = await _http.SendAsync(request, CancellationToken.None);
            }
            catch (HttpRequestException)
            {
                // One attempt and no more: the receiver of a benchmark that is over has gone.
            }
        }
    }
}

using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Capacitor.Limit;

/// <summary>A bare loop that posts signed events as fast as they are taken, until its input ends: <c>post URL SECRET FILE IN-FLIGHT</c>.</summary>
internal sealed class Poster(Uri url, byte[] key, IReadOnlyList<(string Id, byte[] Body)> events) : IDisposable
{
    private static readonly MediaTypeHeaderValue s_json = new("application/json");

    // HttpClient without its own timer per request, which only this program can do without.
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, ActivityHeadersPropagator = null });
    private volatile bool _over;
    private int _next = -1;

    /// <summary>The file has a line an event: its id, a tab, its body.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var lines = (await File.ReadAllLinesAsync(args[2])).Select(line => line.Split('\t'));
        using var poster = new Poster(new Uri(args[0]), Encoding.UTF8.GetBytes(args[1]), [.. lines.Select(line => (line[0], Encoding.UTF8.GetBytes(line[1])))]);
        var posting = Enumerable.Range(0, int.Parse(args[3], CultureInfo.InvariantCulture)).Select(_ => Task.Run(poster.PostAsync)).ToList();
        await Console.In.ReadToEndAsync();
        poster._over = true;
        await Task.WhenAll(posting);
        return 0;
    }

    public void Dispose() => _http.Dispose();

    private async Task PostAsync()
    {
        while (!_over)
        {
            var (id, body) = events[(int)((uint)Interlocked.Increment(ref _next) % events.Count)];
            using var request = Write(id, body);
            using var response = await _http.SendAsync(request, CancellationToken.None);
            response.EnsureSuccessStatusCode();
        }
    }

    private HttpRequestMessage Write(string id, byte[] body)
    {
        var timestamp = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) { Headers = { ContentType = s_json } } };
        request.Headers.TryAddWithoutValidation("user-agent", "Capacitor-Webhooks/0.1.0");
        request.Headers.TryAddWithoutValidation("webhook-id", id);
        request.Headers.TryAddWithoutValidation("webhook-timestamp", timestamp);
        request.Headers.TryAddWithoutValidation("webhook-signature", Sign(id, timestamp, body));
        return request;
    }

    private string Sign(string id, string timestamp, byte[] body)
    {
        var content = new byte[id.Length + timestamp.Length + 2 + body.Length];
        var written = Encoding.ASCII.GetBytes(id, content);
        content[written++] = (byte)'.';
        written += Encoding.ASCII.GetBytes(timestamp, content.AsSpan(written));
        content[written++] = (byte)'.';
        body.CopyTo(content, written);
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, content));
    }
}

using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text;

namespace Capacitor.Cli.Listen;

/// <summary>How an event was taken. <paramref name="Problem"/>: why it was not; null when it was.</summary>
internal sealed record Forwarded(int? Status, TimeSpan Took, string? Problem);

/// <summary>Posts events as a webhook delivery posts them.</summary>
internal sealed class Forwarder : IDisposable
{
    /// <summary>Webhooks give up sooner; a program that somebody steps through is to have its time.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private const int MostShown = 200;

    private static readonly string UserAgent = "Capacitor-Webhooks/" + ReadVersion();

    private readonly Uri _url;
    private readonly SigningSecret _secret;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;

    public Forwarder(Uri url, SigningSecret secret, TimeProvider time)
    {
        (_url, _secret, _time) = (url, secret, time);
        _http = new(new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(3),
            UseCookies = false,
            UseProxy = false,
        });
    }

    /// <summary>One attempt. Never throws for what the receiver does.</summary>
    public async Task<Forwarded> SendAsync(StreamedEvent item, CancellationToken cancellation)
    {
        var began = _time.GetTimestamp();
        using var deadline = new CancellationTokenSource(Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            using var request = Write(item);
            using var answer = await _http.SendAsync(request, either.Token);
            var problem = answer.IsSuccessStatusCode ? null : await ExplainAsync(answer, either.Token);
            return new((int)answer.StatusCode, _time.GetElapsedTime(began), problem);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return new(null, _time.GetElapsedTime(began), $"no answer within {Timeout.TotalSeconds:0} seconds");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return new(null, _time.GetElapsedTime(began), OneLine(failure.InnerException is { } cause ? $"{failure.Message} {cause.Message}" : failure.Message));
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Write(StreamedEvent item)
    {
        var timestamp = _time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var content = new ByteArrayContent(item.Body);
        content.Headers.TryAddWithoutValidation("content-type", "application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = content };
        var headers = request.Headers;
        headers.TryAddWithoutValidation("user-agent", UserAgent);
        headers.TryAddWithoutValidation("webhook-id", item.WebhookId);
        headers.TryAddWithoutValidation("webhook-timestamp", timestamp);
        headers.TryAddWithoutValidation("webhook-signature", _secret.Sign(item.WebhookId, timestamp, item.Body));
        if (item.Sequence is not null)
        {
            headers.TryAddWithoutValidation("Capacitor-Sequence", item.Sequence);
        }

        if (item.ChargerSequence is not null)
        {
            headers.TryAddWithoutValidation("Capacitor-Charger-Sequence", item.ChargerSequence);
        }

        return request;
    }

    private static async Task<string> ExplainAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var start = new byte[4 * MostShown];
        var length = await (await answer.Content.ReadAsStreamAsync(cancellation)).ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellation);
        var text = OneLine(Encoding.UTF8.GetString(start, 0, length));
        return text.Length == 0 ? answer.ReasonPhrase ?? "no reason given" : text;
    }

    /// <summary>What others wrote, so that it does nothing to a terminal.</summary>
    private static string OneLine(string text)
    {
        var line = string.Concat(text.Trim().Select(character => char.IsControl(character) ? ' ' : character));
        return line.Length > MostShown ? line[..MostShown] + "…" : line;
    }

    private static string ReadVersion() =>
        typeof(Forwarder).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}

using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using System.Runtime.CompilerServices;
using Capacitor.Events;
using Capacitor.Webhooks;
using Microsoft.Extensions.Options;

namespace Capacitor.Grains.Webhooks;

/// <summary>Posts one event to one webhook, once. All webhooks of the process share its connections.</summary>
internal sealed class WebhookSender : IDisposable
{
    /// <summary>What is read of an answer; the connection is given up beyond that.</summary>
    public const int MaxAnswerBytes = 64 * 1024;

    private const string Json = "application/json";
    private const int DrainBuffer = 4096;

    private static readonly string UserAgent = "Capacitor-Webhooks/" + ReadVersion();

    private readonly HttpMessageInvoker _http;
    private readonly TimeProvider _time;
    private Stamp _stamp = new(0, "0");

    public WebhookSender(AddressGuard guard, IOptions<WebhookOptions> options, TimeProvider time)
    {
        _time = time;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectCallback = (context, cancellation) => guard.ConnectAsync(context.DnsEndPoint, cancellation),
            ConnectTimeout = options.Value.Timeout,
            MaxConnectionsPerServer = int.MaxValue,

            // What we have not read ourselves is not to be read behind our back.
            MaxResponseDrainSize = 0,

            // Receivers close idle connections, the common ones after 5 seconds. A request that crosses such a close is lost: we go first.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(3),
            PooledConnectionLifetime = TimeSpan.FromMinutes(3),
            UseCookies = false,
            UseProxy = false,
        });
    }

    /// <summary>One attempt. Never throws for what a network or a receiver does.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AttemptResult> SendAsync(WebhookTarget target, Posting posting, CancellationToken deadline)
    {
        var at = _time.GetUtcNow();
        var began = _time.GetTimestamp();
        var outcome = await SendAsync(target, posting.Event, deadline);
        return new AttemptResult(outcome, new DeliveryAttempt
        {
            Number = posting.Number,
            At = at,
            Trigger = posting.Trigger,
            Outcome = outcome.Word,
            Status = outcome switch { DeliveryOutcome.Delivered delivered => delivered.Status, DeliveryOutcome.Rejected rejected => rejected.Status, _ => null },
            Total = _time.GetElapsedTime(began),
        });
    }

    private async ValueTask<DeliveryOutcome> SendAsync(WebhookTarget target, JournalEvent item, CancellationToken deadline)
    {
        using var request = Write(target, item);
        try
        {
            using var response = await _http.SendAsync(request, deadline);
            if (response.Content.Headers.ContentLength != 0)
            {
                await DrainAsync(response.Content, deadline);
            }

            return DeliveryOutcome.Judge((int)response.StatusCode);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return DeliveryOutcome.TimedOut.Instance;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException)
        {
            return deadline.IsCancellationRequested ? DeliveryOutcome.TimedOut.Instance : DeliveryOutcome.Judge(failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static string ReadVersion()
    {
        var version = typeof(WebhookSender).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
        var build = version.IndexOf('+', StringComparison.Ordinal);
        return build < 0 ? version : version[..build];
    }

    // A connection can be used again only when its answer was read to the end.
    private static async Task DrainAsync(HttpContent content, CancellationToken deadline)
    {
        var stream = content.ReadAsStream(deadline);
        var buffer = ArrayPool<byte>.Shared.Rent(DrainBuffer);
        try
        {
            var left = MaxAnswerBytes;
            int read;
            while (left > 0 && (read = await stream.ReadAsync(buffer.AsMemory(0, Math.Min(buffer.Length, left)), deadline)) > 0)
            {
                left -= read;
            }
        }
        catch (IOException)
        {
            // The status has been said; a body that breaks off does not unsay it.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private HttpRequestMessage Write(WebhookTarget target, JournalEvent item)
    {
        var timestamp = Timestamp();
        var content = new ByteArrayContent(item.Body);
        content.Headers.TryAddWithoutValidation("content-type", Json);
        var request = new HttpRequestMessage(HttpMethod.Post, target.Url) { Content = content };
        HttpRequestHeaders headers = request.Headers;
        headers.TryAddWithoutValidation("user-agent", UserAgent);
        headers.TryAddWithoutValidation("webhook-id", item.Id);
        headers.TryAddWithoutValidation("webhook-timestamp", timestamp);
        if (target.Signer.Sign(item.Id, timestamp, item.Body) is { } signature)
        {
            headers.TryAddWithoutValidation("webhook-signature", signature);
        }

        // Only when the event was traced: what is documented as the whole of a delivery stays that for everybody else.
        if (item.TraceParent is not null && Tracing.Current is { } traceParent)
        {
            headers.TryAddWithoutValidation("traceparent", traceParent);
        }

        return request;
    }

    private string Timestamp()
    {
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        var stamp = _stamp;
        if (stamp.Second != now)
        {
            _stamp = stamp = new Stamp(now, now.ToString(CultureInfo.InvariantCulture));
        }

        return stamp.Text;
    }

    private sealed record Stamp(long Second, string Text);
}

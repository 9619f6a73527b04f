using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
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
    private const int AnswerBuffer = 4096;

    private static readonly string UserAgent = "Capacitor-Webhooks/" + ReadVersion();

    private readonly WebhookHandlers _handlers;
    private readonly TimeProvider _time;
    private Stamp _stamp = new(0, "0");

    public WebhookSender(AddressGuard guard, IOptions<WebhookOptions> options, TimeProvider time)
    {
        _time = time;
        _handlers = new WebhookHandlers(guard, options, time);
    }

    /// <summary>Handlers for TLS settings of webhooks.</summary>
    internal int TlsHandlers => _handlers.Count;

    /// <summary>One attempt: one POST, or none when no connection came about. Never throws for what a network or a receiver does.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AttemptResult> SendAsync(WebhookTarget target, Posting posting, CancellationToken deadline)
    {
        using var request = Write(target, posting);
        var outcome = await SendAsync(request, deadline);
        return new AttemptResult(outcome, request.Tell(outcome), request.RetryAfter);
    }

    /// <inheritdoc/>
    public void Dispose() => _handlers.Dispose();

    private static string ReadVersion()
    {
        var version = typeof(WebhookSender).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
        var build = version.IndexOf('+', StringComparison.Ordinal);
        return build < 0 ? version : version[..build];
    }

    // A connection can be used again only when its answer was read to the end.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask ReadAsync(WebhookRequest request, HttpContent content, CancellationToken deadline)
    {
        var stream = content.ReadAsStream(deadline);
        var buffer = ArrayPool<byte>.Shared.Rent(AnswerBuffer);
        var (total, kept, ended) = (0, 0, false);
        try
        {
            while (total < MaxAnswerBytes && !ended)
            {
                var read = await stream.ReadAsync(buffer.AsMemory(kept, Math.Min(buffer.Length - kept, MaxAnswerBytes - total)), deadline);
                ended = read == 0;
                total += read;
                kept = Math.Min(total, DeliveryAttempt.MostBodyBytes); // what comes after them is read over and over
            }
        }
        catch (IOException)
        {
            // The status has been said; a body that breaks off does not unsay it.
        }
        finally
        {
            request.Body = kept == 0 ? null : request.Target.Redaction is { } redaction ? redaction.Redact(buffer.AsSpan(0, kept), isCut: total > kept || !ended) : buffer[..kept];
            request.BodyTruncated = total > kept;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<DeliveryOutcome> SendAsync(WebhookRequest request, CancellationToken deadline)
    {
        WebhookHandler? handler = null;
        try
        {
            handler = _handlers.Take(request.Target);
            using var response = await handler.SendAsync(request, deadline);
            request.Answered(response);
            if (response.Content.Headers.ContentLength != 0)
            {
                await ReadAsync(request, response.Content, deadline);
            }

            return DeliveryOutcome.Judge((int)response.StatusCode);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException or CryptographicException)
        {
            return deadline.IsCancellationRequested ? AttemptFailure.JudgeTimeout(request) : AttemptFailure.Judge(failure, request);
        }
        finally
        {
            if (handler is not null)
            {
                handler.FindConnection(request);
                _handlers.Return(handler);
            }
        }
    }

    private WebhookRequest Write(WebhookTarget target, Posting posting)
    {
        var item = posting.Event;
        var timestamp = Timestamp();
        var request = new WebhookRequest(target, posting, _time);
        request.Content = new PostedBody(item.Body, request);
        request.Content.Headers.TryAddWithoutValidation("content-type", Json);
        if (target.Url.Scheme == Uri.UriSchemeHttps)
        {
            // The handshake settles on HTTP/2 or 1.1. 'Or higher' would follow an endpoint's Alt-Svc to HTTP/3, past the guard of addresses.
            request.Version = HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        }

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

        AddPlace(headers, posting);
        OwnHeaders.Add(request, target.Headers);
        return request;
    }

    // Where the event belongs among others.
    private static void AddPlace(HttpRequestHeaders headers, Posting posting)
    {
        if (posting.Event.Sequence > 0)
        {
            headers.TryAddWithoutValidation("Capacitor-Sequence", posting.Event.Sequence.ToString(CultureInfo.InvariantCulture));
        }

        if (posting.Event.ChargerSequence > 0)
        {
            headers.TryAddWithoutValidation("Capacitor-Charger-Sequence", posting.Event.ChargerSequence.ToString(CultureInfo.InvariantCulture));
        }

        if (posting.Gap is { } gap)
        {
            headers.TryAddWithoutValidation("Capacitor-Gap", gap);
        }

        if (posting.Trigger == AttemptTrigger.Replay)
        {
            headers.TryAddWithoutValidation("Capacitor-Replay", "true");
        }
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

using System.Net;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

/// <summary>How far a connection for a request has come.</summary>
internal enum ConnectStage
{
    /// <summary>None was begun for it.</summary>
    None = 0,

    /// <summary>The name is looked up.</summary>
    Name = 1,

    /// <summary>TCP connects.</summary>
    Connect = 2,

    /// <summary>TCP is connected; with https, TLS shakes hands.</summary>
    Secure = 3,
}

/// <summary>One POST under way, and what has been seen of it.</summary>
internal sealed class WebhookRequest : HttpRequestMessage
{
    private readonly Posting _posting;
    private readonly TimeProvider _time;
    private readonly long _began;
    private bool _first;

    /// <summary>Begins now.</summary>
    public WebhookRequest(WebhookTarget target, Posting posting, TimeProvider time)
        : base(HttpMethod.Post, target.Url)
    {
        Target = target;
        _posting = posting;
        _time = time;
        At = time.GetUtcNow();
        _began = time.GetTimestamp();
    }

    /// <summary>Where it goes.</summary>
    public WebhookTarget Target { get; }

    /// <summary>When it began.</summary>
    public DateTimeOffset At { get; }

    /// <summary>How far the connection is that is opened for it.</summary>
    public ConnectStage Stage { get; set; }

    /// <summary>What the name's look-up took, when the connection was opened for it.</summary>
    public TimeSpan? Dns { get; set; }

    /// <summary>What is, or was last, connected to for it.</summary>
    public IPEndPoint? Tried { get; set; }

    /// <summary>The connection that was opened for it; it may go over another that became free sooner.</summary>
    public WebhookConnection? Opened { get; set; }

    /// <summary>The connection that it went over; null before.</summary>
    public WebhookConnection? Connection { get; private set; }

    /// <summary>True when it went over a connection that had been used before.</summary>
    public bool IsReused => Connection is not null && !_first;

    /// <summary>True once it was given to a connection.</summary>
    public bool Sent { get; set; }

    /// <summary>The answer's status; null: there is none.</summary>
    public int? Status { get; private set; }

    /// <summary>What is kept of the answer's body.</summary>
    public byte[]? Body { get; set; }

    /// <summary>True when the body was longer.</summary>
    public bool BodyTruncated { get; set; }

    /// <summary>How long the endpoint wants to be left alone.</summary>
    public TimeSpan? RetryAfter { get; private set; }

    private TimeSpan? FirstByte { get; set; }

    private IReadOnlyList<WebhookHeader> AnswerHeaders { get; set; } = [];

    /// <summary>It is written to a connection. The first request of a connection has that one's times.</summary>
    public void WentOver(WebhookConnection connection)
    {
        if (!ReferenceEquals(Connection, connection))
        {
            Connection = connection;
            _first = connection.TakeFirst();
        }
    }

    /// <summary>The answer's status and headers are here.</summary>
    public void Answered(HttpResponseMessage response)
    {
        FirstByte = _time.GetElapsedTime(_began);
        Status = (int)response.StatusCode;
        AnswerHeaders = Webhooks.AnswerHeaders.Read(response, Target.Redaction);
        RetryAfter = Webhooks.AnswerHeaders.ReadRetryAfter(response, _time);
    }

    /// <summary>The attempt as the log has it.</summary>
    public DeliveryAttempt Tell(DeliveryOutcome outcome)
    {
        var isReused = IsReused;
        return new DeliveryAttempt
        {
            Number = _posting.Number,
            At = At,
            Trigger = _posting.Trigger,
            Outcome = outcome.Word,
            Status = Status,
            Error = outcome.Error,
            Address = (Connection ?? Opened)?.Address ?? Tried?.ToString(),
            Reused = isReused,
            Dns = isReused ? null : Connection is null ? Dns : Connection.Dns,
            Connect = isReused ? null : (Connection ?? Opened)?.Connect,
            Tls = isReused ? null : (Connection ?? Opened)?.Tls,
            FirstByte = FirstByte,
            Total = _time.GetElapsedTime(_began),
            ResponseHeaders = AnswerHeaders,
            Body = Body,
            BodyTruncated = BodyTruncated,
        };
    }
}

/// <summary>
/// An event's bytes on their way. Over HTTP/1.1 it makes the connection write them while it stands on this thread's stack, so that the connection
/// knows whose they are: an AsyncLocal would say the same, and cost every request an execution context.
/// </summary>
internal sealed class PostedBody(byte[] body, WebhookRequest request) : ByteArrayContent(body)
{
    [ThreadStatic]
    private static WebhookRequest? _writing;

    private readonly byte[] _body = body;

    /// <summary>The request that this thread writes at this moment.</summary>
    public static WebhookRequest? Writing => _writing;

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        request.Sent = true;
        _writing = request;
        try
        {
            var written = stream.WriteAsync(_body, cancellationToken);
            return written.IsCompletedSuccessfully ? stream.FlushAsync(cancellationToken) : written.AsTask();
        }
        finally
        {
            _writing = null;
        }
    }
}

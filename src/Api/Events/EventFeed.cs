using System.Globalization;
using Capacitor.Api.Security;
using Capacitor.Events;
using Capacitor.Tenants;
using Microsoft.Extensions.Options;

namespace Capacitor.Api.Events;

/// <summary>Hands out events: a page of them, a page as soon as there is one, or all as they come.</summary>
internal sealed class EventFeed(
    IGrainFactory grains, OpenStreams streams, IOptions<EventOptions> options, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<EventFeed> logger)
{
    public const string LastEventId = "Last-Event-ID";

    private const int LongestWait = 20;

    public async Task<EventListResult> ListAsync(Caller caller, HttpRequest request)
    {
        var after = Query.Number(request, "after", 0, 0, long.MaxValue);
        var sequence = Query.Number(request, "afterSequence", -1, 0, long.MaxValue);
        var limit = (int)Query.Number(request, "limit", 100, 1, 1000);
        var wait = TimeSpan.FromSeconds(Query.Number(request, "wait", 0, 0, LongestWait));
        var reader = ReaderOf(caller, EventSelection.Of(request));
        if (sequence >= 0)
        {
            after = Query.Text(request, "after") is null ? await reader.FindSequenceAsync(sequence) : throw Query.Refuse("afterSequence", "cannot be given together with 'after'");
        }

        return new(wait > TimeSpan.Zero ? await WaitAsync(caller, reader, after, limit, wait, request.HttpContext.RequestAborted) : await reader.ReadAsync(after, limit), limit);
    }

    public async Task StreamAsync(Caller caller, HttpContext context)
    {
        var reader = ReaderOf(caller, EventSelection.Of(context.Request));
        var after = ReadLastEventId(context.Request) ?? Query.Number(context.Request, "after", -1, 0, long.MaxValue);
        using var place = streams.Enter(caller.Id);
        var start = after >= 0 ? after : await reader.ReadHeadAsync();
        var access = new StreamAccess(grains, ApiKeyHash.Of(PresentedKey.Of(context.Request)!), time);
        await new EventStreamResult(CursorAt(reader, start), start, access, options.Value, time, logger).ExecuteAsync(context);
    }

    private async Task<EventPage> WaitAsync(Caller caller, EventReader reader, long after, int limit, TimeSpan wait, CancellationToken gone)
    {
        using var place = streams.Enter(caller.Id);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(gone, lifetime.ApplicationStopping);
        var began = time.GetTimestamp();
        var cursor = CursorAt(reader, after);
        var page = new EventPage([], after);
        try
        {
            for (var left = wait; left > TimeSpan.Zero && page.Events.Count == 0; left = wait - time.GetElapsedTime(began))
            {
                page = await cursor.NextAsync(limit, left, stop.Token);
            }
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Nothing so far is an answer, and the caller asks somebody else next time.
        }

        return page;
    }

    private EventReader ReaderOf(Caller caller, EventSelection selection) => new(grains.GetGrain<ITenantRecordsGrain>(caller.GrainKey), selection);

    private EventCursor CursorAt(EventReader reader, long position) => new(reader, position, time, logger);

    private static long? ReadLastEventId(HttpRequest request)
    {
        var text = request.Headers[LastEventId].ToString();
        return text.Length == 0 ? null
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position
            : throw new RefusedException(RefusalKind.Invalid, $"The header {LastEventId} must be the id of an event of this stream: a whole number from 0 up.", LastEventId);
    }
}

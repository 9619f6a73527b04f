using System.Diagnostics;
using System.IO.Pipelines;
using Capacitor.Api.Errors;
using Capacitor.Events;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Capacitor.Api.Events;

/// <summary>
/// Events as they come, for as long as the client stays. One page is in memory at a time, and the next is asked for when the client has taken it; while nothing
/// comes, a call to the journal waits and a timer runs.
/// </summary>
internal sealed partial class EventStreamResult(EventCursor cursor, long start, StreamAccess access, EventOptions options, TimeProvider time, ILogger logger) : IResult
{
    private const int PageSize = 100;
    private const int FlushedAt = 16 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ComeBackAfter = TimeSpan.FromSeconds(1);

    private long _position = start;
    private long _told = start;
    private Task? _flush;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        Activity.Current = null; // what follows may last for months, and is no part of the request that began it
        var lifetime = httpContext.RequestServices.GetRequiredService<IHostApplicationLifetime>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, lifetime.ApplicationStopping);
        Announce(httpContext);
        if (httpContext.Items.ContainsKey(ErrorMiddleware.AskedByHead))
        {
            return;
        }

        try
        {
            var reason = await RunAsync(httpContext.Response.BodyWriter, stop.Token);
            EventFrame.WriteComment(httpContext.Response.BodyWriter, reason);
            await FlushAsync(httpContext.Response.BodyWriter, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Log.Left(logger, _position);
            if (_flush is { IsCompleted: false })
            {
                httpContext.Abort(); // a stop does not wait for who takes nothing
            }
        }
        catch (StalledException)
        {
            Log.Stalled(logger, options.StallTimeout, _position);
            httpContext.Abort();
        }
        finally
        {
            await stop.CancelAsync(); // what was asked for is wanted no more
        }
    }

    private static void Announce(HttpContext context)
    {
        // Our own limit is about clients that take nothing; a reader that is slow on purpose may be.
        context.Features.Get<IHttpMinResponseDataRateFeature>()?.MinDataRate = null;
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store, no-transform";
        context.Response.Headers["X-Accel-Buffering"] = "no";
    }

    /// <summary>Returns why it must end.</summary>
    private async Task<string> RunAsync(PipeWriter output, CancellationToken stop)
    {
        EventFrame.WriteRetry(output, ComeBackAfter);
        EventFrame.WriteHeartbeat(output, _position); // whoever is cut off before the first event comes back to here
        await FlushAsync(output, stop);

        var beaten = time.GetTimestamp();
        var next = cursor.NextAsync(PageSize, Patience, stop);
        while (true)
        {
            var left = options.Heartbeat - time.GetElapsedTime(beaten);
            if (left <= TimeSpan.Zero)
            {
                if (await access.FindRefusalAsync(stop) is { } refusal)
                {
                    return refusal;
                }

                beaten = time.GetTimestamp();
                await BeatAsync(output, stop);
            }
            else if (await IsThereAsync(next, left, stop))
            {
                var page = await next;
                await WriteAsync(output, page.Events, stop);
                _position = page.ReadTo;
                next = cursor.NextAsync(PageSize, Patience, stop);
            }
        }
    }

    private async Task<bool> IsThereAsync(Task next, TimeSpan within, CancellationToken stop)
    {
        if (!next.IsCompleted)
        {
            await next.WaitAsync(within, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stop.ThrowIfCancellationRequested();
        }

        return next.IsCompleted;
    }

    private Task BeatAsync(PipeWriter output, CancellationToken stop)
    {
        EventFrame.WriteHeartbeat(output, _position == _told ? null : _position);
        _told = _position;
        return FlushAsync(output, stop);
    }

    private async Task WriteAsync(PipeWriter output, IReadOnlyList<JournalEvent> events, CancellationToken stop)
    {
        foreach (var item in events)
        {
            EventFrame.Write(output, item);
            _told = item.Position;
            if (output.UnflushedBytes >= FlushedAt)
            {
                await FlushAsync(output, stop);
            }
        }

        if (events.Count > 0)
        {
            await FlushAsync(output, stop);
        }
    }

    private async Task FlushAsync(PipeWriter output, CancellationToken stop)
    {
        var flush = output.FlushAsync(CancellationToken.None);
        if (flush.IsCompletedSuccessfully)
        {
            _ = flush.Result;
            return;
        }

        _flush = flush.AsTask();
        try
        {
            await _flush.WaitAsync(options.StallTimeout, time, stop);
        }
        catch (TimeoutException)
        {
            throw new StalledException();
        }
    }

    private sealed class StalledException : Exception;

    private static partial class Log
    {
        [LoggerMessage(4121, LogLevel.Debug, "An event stream ended at {Position}: its client left, or this process stops")]
        public static partial void Left(ILogger logger, long position);

        [LoggerMessage(4122, LogLevel.Information, "An event stream was cut at {Position}: its client took nothing for {Timeout}")]
        public static partial void Stalled(ILogger logger, TimeSpan timeout, long position);
    }
}

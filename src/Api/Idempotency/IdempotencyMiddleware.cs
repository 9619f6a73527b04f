using Capacitor.Api.Errors;
using Capacitor.Api.Json;
using Capacitor.Api.Security;
using Capacitor.Idempotency;
using Capacitor.Tenants;

namespace Capacitor.Api.Idempotency;

/// <summary>
/// Stands behind the keys and before the endpoints: of several equal requests with one Idempotency-Key it lets one through, and gives the others its answer.
/// </summary>
internal sealed partial class IdempotencyMiddleware(RequestDelegate next, IGrainFactory grains, ILogger<IdempotencyMiddleware> logger)
{
    private const int Askings = 3;

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        return HttpMethods.IsPost(request.Method) && request.Headers.ContainsKey(IdempotencyKey.Header)
            && context.GetEndpoint()?.Metadata is { } metadata && metadata.GetMetadata<TakesIdempotencyKey>() is not null
            ? HandleAsync(context, Whose(context, metadata))
            : next(context);
    }

    private static TenantId Whose(HttpContext context, EndpointMetadataCollection metadata) =>
        metadata.GetMetadata<RequiresAdminKey>() is not null ? IdempotencyId.Operator : context.Features.Get<Caller>()!.Id;

    private async Task HandleAsync(HttpContext context, TenantId tenant)
    {
        var id = IdempotencyId.Of(tenant, IdempotencyKey.Read(context.Request));
        var grain = grains.GetGrain<IIdempotencyGrain>(id.GrainKey);
        var body = await JsonBody.ReadBytesAsync(context.Request);
        context.Request.Body = new MemoryStream(body);
        var attempt = Guid.CreateVersion7().ToString("N");
        var start = await BeginAsync(grain, attempt, RequestFingerprint.Of(context.Request, body));
        await (start.Kind switch
        {
            IdempotentStartKind.Proceed => CarryOutAsync(context, grain, attempt),
            IdempotentStartKind.Replay => GiveAgainAsync(context.Response, start.Answer!),
            IdempotentStartKind.OtherRequest => IdempotencyErrors.OtherRequest().ExecuteAsync(context),
            IdempotentStartKind.UnderWay => IdempotencyErrors.UnderWay().ExecuteAsync(context),
            _ => IdempotencyErrors.Unknown(context.Request.Path).ExecuteAsync(context),
        });
    }

    // An answer that is lost with a silo may have been leave to begin: asked again as the same attempt, it is given again.
    private static async Task<IdempotentStart> BeginAsync(IIdempotencyGrain grain, string attempt, string fingerprint)
    {
        for (var asking = 1; ; asking++)
        {
            try
            {
                return await grain.BeginAsync(attempt, fingerprint);
            }
            catch (Exception failure) when (asking < Askings && Failures.Passes(failure))
            {
            }
        }
    }

    private async Task CarryOutAsync(HttpContext context, IIdempotencyGrain grain, string attempt)
    {
        var response = context.Response;
        var (body, aborted) = (response.Body, context.RequestAborted);
        using MemoryStream written = new();
        response.Body = written;
        context.RequestAborted = CancellationToken.None; // a caller that leaves comes back for the answer
        try
        {
            await RunAsync(context);
        }
        catch (BadHttpRequestException)
        {
            await TellAsync(() => grain.ForgetAsync(attempt));
            throw;
        }
        catch
        {
            await TellAsync(() => grain.LoseAsync(attempt));
            throw;
        }
        finally
        {
            response.Body = body;
            context.RequestAborted = aborted;
        }

        await RememberAsync(grain, attempt, response, written.ToArray());
        await body.WriteAsync(written.GetBuffer().AsMemory(0, (int)written.Length), aborted);
    }

    private async Task RunAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (RefusedException refusal)
        {
            await ApiError.Of(refusal).ExecuteAsync(context);
        }
    }

    private async Task RememberAsync(IIdempotencyGrain grain, string attempt, HttpResponse response, byte[] body)
    {
        if (DidNothing(response.StatusCode))
        {
            await TellAsync(() => grain.ForgetAsync(attempt));
            return;
        }

        IdempotentAnswer answer = new()
        {
            Status = response.StatusCode, ContentType = response.ContentType, Location = response.Headers.Location.ToString() is { Length: > 0 } location ? location : null, Body = body,
        };
        if (!await TellAsync(() => grain.CompleteAsync(attempt, answer)))
        {
            await TellAsync(() => grain.LoseAsync(attempt));
        }
    }

    // Wrong, not found, not allowed, too much, not now: once that has changed, the same key may be sent again. A 504 may have happened, and a 409 may be a charger's word.
    private static bool DidNothing(int status) => status is 400 or 401 or 403 or 404 or 413 or 415 or 429 or 503;

    /// <summary>False when it could not be told. The caller gets its answer all the same.</summary>
    private async Task<bool> TellAsync(Func<Task> tell)
    {
        try
        {
            await tell();
            return true;
        }
        catch (Exception failure) when (Failures.Passes(failure))
        {
            Log.NotKept(logger, failure);
            return false;
        }
    }

    private static async Task GiveAgainAsync(HttpResponse response, IdempotentAnswer answer)
    {
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        response.ContentLength = answer.Body.Length;
        response.Headers[IdempotencyKey.ReplayedHeader] = "true";
        if (answer.Location is { } location)
        {
            response.Headers.Location = location;
        }

        await response.Body.WriteAsync(answer.Body);
    }

    private static partial class Log
    {
        [LoggerMessage(4140, LogLevel.Warning, "How a request with an Idempotency-Key ended could not be stored; sent again, it is told that this is not known")]
        public static partial void NotKept(ILogger logger, Exception failure);
    }
}

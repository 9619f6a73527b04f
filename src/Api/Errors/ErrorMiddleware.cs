using Microsoft.Extensions.Primitives;

namespace Capacitor.Api.Errors;

/// <summary>The outermost layer of HTTP: names the request, answers HEAD and OPTIONS, and gives every failure the documented body.</summary>
internal sealed partial class ErrorMiddleware(RequestDelegate next, ILogger<ErrorMiddleware> logger)
{
    /// <summary>Marks, among a request's items, one that came as HEAD and is handled as GET: what has no end must not be begun for it.</summary>
    public static readonly object AskedByHead = new();

    public async Task InvokeAsync(HttpContext context)
    {
        var requestId = RequestId.Of(context.Request);
        context.Response.Headers[RequestId.Header] = requestId;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "no-store"; // answers belong to one tenant, and some show a key
        var method = context.Request.Method;
        if (HttpMethods.IsHead(method))
        {
            context.Items[AskedByHead] = true;
            context.Request.Method = HttpMethods.Get; // routes know GET only; the server leaves the body out by itself
        }

        try
        {
            await next(context);
            await CompleteAsync(context, method);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller is gone: there is nobody to tell.
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            if (exception is not (RefusedException or BadHttpRequestException))
            {
                Log.Failed(logger, exception, method, context.Request.Path, requestId);
            }

            if (exception is BadHttpRequestException && HttpProtocol.IsHttp11(context.Request.Protocol))
            {
                // Its body may not have been read. The server waits some seconds for the rest, and then closes without a word: a caller who sends the next request
                // meanwhile would get no answer.
                context.Response.Headers.Connection = "close";
            }

            await Describe(exception, requestId).ExecuteAsync(context);
        }
    }

    private static Task CompleteAsync(HttpContext context, string method)
    {
        var response = context.Response;
        if (response.HasStarted || response.StatusCode < 400 || response.ContentType is not null || response.ContentLength is not null)
        {
            return Task.CompletedTask;
        }

        if (response.StatusCode != StatusCodes.Status405MethodNotAllowed)
        {
            return ApiError.Of(response.StatusCode, Explain(context.Request, response.StatusCode)).ExecuteAsync(context);
        }

        var allowed = Allowed(response.Headers.Allow);
        response.Headers.Allow = allowed;
        if (HttpMethods.IsOptions(method))
        {
            response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }

        return ApiError.Of(response.StatusCode, $"{method} is not possible on {context.Request.Path}; allowed: {allowed}.").ExecuteAsync(context);
    }

    private static string Allowed(StringValues methods)
    {
        var names = methods.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToList();
        if (names.Contains(HttpMethods.Get))
        {
            names.Add(HttpMethods.Head);
        }

        names.Add(HttpMethods.Options);
        return string.Join(", ", names.Distinct().Order(StringComparer.Ordinal));
    }

    private static string Explain(HttpRequest request, int status) => status switch
    {
        StatusCodes.Status404NotFound => $"There is nothing at {request.Path}.",
        StatusCodes.Status415UnsupportedMediaType => "The content type is not supported.",
        >= 500 => "The request failed on our side.",
        _ => "The request was refused.",
    };

    private static ApiError Describe(Exception exception, string requestId) => exception switch
    {
        RefusedException refusal => ApiError.Of(refusal),
        BadHttpRequestException bad => ApiError.Of(bad.StatusCode, bad.Message),
        _ when Failures.Passes(exception) =>
            ApiError.Unavailable("The server could not take the request in time; try again.", retryAfter: 1),
        _ => ApiError.Of(StatusCodes.Status500InternalServerError, $"The request failed on our side. Tell us its id when you ask: {requestId}."),
    };

    private static partial class Log
    {
        [LoggerMessage(4100, LogLevel.Error, "{Method} {Path} failed ({RequestId})")]
        public static partial void Failed(ILogger logger, Exception exception, string method, PathString path, string requestId);
    }
}

using System.Globalization;
using System.Text.Json;
using Capacitor.Api.Json;

namespace Capacitor.Api.Errors;

/// <summary>An error as an answer. The only writer of error bodies in the process.</summary>
internal sealed class ApiError(int status, string code, string message, ErrorDetails? details = null) : IResult
{
    public int Status => status;

    public string Code => code;

    /// <summary>Seconds after which asking again may help.</summary>
    public int? RetryAfter { get; init; }

    public static ApiError NotFound(string message) => new(StatusCodes.Status404NotFound, ErrorCodes.NotFound, message);

    public static ApiError Conflict(string message) => new(StatusCodes.Status409Conflict, ErrorCodes.Conflict, message);

    public static ApiError Unavailable(string message, int? retryAfter = null) =>
        new(StatusCodes.Status503ServiceUnavailable, ErrorCodes.Unavailable, message) { RetryAfter = retryAfter };

    /// <summary>For a status that somebody else chose, in words of our own.</summary>
    public static ApiError Of(int status, string message, int? retryAfter = null) => new(status, ErrorCodes.For(status), message) { RetryAfter = retryAfter };

    public static ApiError Of(RefusedException refusal)
    {
        var status = refusal.Kind switch
        {
            RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
            RefusalKind.Conflict => StatusCodes.Status409Conflict,
            RefusalKind.LimitReached => StatusCodes.Status429TooManyRequests,
            RefusalKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status400BadRequest,
        };
        return new(status, ErrorCodes.For(status), refusal.Message, DetailsOf(refusal));
    }

    private static ErrorDetails? DetailsOf(RefusedException refusal) => (refusal.Field ?? refusal.CurrentTier) is null
        ? null
        : new() { Field = refusal.Field, RequiredTier = refusal.RequiredTier, CurrentTier = refusal.CurrentTier };

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        if (RetryAfter is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(new(false, new(code, message, details)), ApiJson.Wire.ErrorBody);
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, 0, body.Length);
    }
}

using Capacitor.Api.Errors;

namespace Capacitor.Api.Idempotency;

/// <summary>Why a request with an Idempotency-Key is not carried out, and gets no answer that was given before either.</summary>
internal static class IdempotencyErrors
{
    // What a POST does to a thing; where to look is the thing itself.
    private static readonly string[] Verbs = ["redeliver", "rotate", "secret", "test", "start", "stop", "assign", "revoke", "cancel"];

    public const string OtherRequestWords =
        "This Idempotency-Key was sent within the last 24 hours with another request (another method, path or body). Choose a new key for a new request.";

    public const string UnderWayWords = "The first request with this Idempotency-Key is still under way. Send it again in a moment to get its answer.";

    public static ApiError OtherRequest() => ApiError.Conflict(OtherRequestWords);

    public static ApiError UnderWay() => ApiError.Of(StatusCodes.Status409Conflict, UnderWayWords, retryAfter: 1);

    public static ApiError Unknown(PathString path) => ApiError.Conflict(
        "The first request with this Idempotency-Key was begun, and how it ended is not known: it may have done what it was to do. It is not carried out again. "
        + $"Look at GET {PlaceToLook(path)} whether it did; if not, send it with a new key.");

    private static string PlaceToLook(PathString path)
    {
        var segments = path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries).ToList();
        if (segments is [_, _, "chargers", var charger, _, ..])
        {
            return $"/api/v1/events?chargeBoxId={charger} and GET /api/v1/chargers/{charger}";
        }

        if (segments is [_, _, "transactions", ..])
        {
            return "/api/v1/transactions";
        }

        while (Verbs.Contains(segments[^1]))
        {
            segments.RemoveAt(segments.Count - 1);
        }

        return "/" + string.Join('/', segments);
    }
}

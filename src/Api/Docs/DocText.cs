namespace Capacitor.Api.Docs;

/// <summary>Words of the document that belong to no route.</summary>
internal static class DocText
{
    public const string ApiKey = "ApiKey";
    public const string Bearer = "Bearer";
    public const string AdminKey = "AdminKey";

    public const string Introduction = """
        Chargers connect over OCPP; this API is the other side: see them, start and stop charging, send commands, and read what happens or have it posted to a webhook.

        - Bodies are JSON in UTF-8, at most 256 KiB. Members that a request does not know are ignored; ignore those of an answer that you do not know.
        - Times are UTC with milliseconds. Meter values are Wh, `energyDelivered` is kWh.
        - Branch on `error.code`; `error.message` is for people. Keep `X-Request-Id` for questions; send your own if you like.
        - A path with another method answers 405 with `Allow`; a path that is none answers 404. What belongs to another tenant is a 404.
        - Refusals are looked for in the order 401, 403, 404, 400.
        """;

    /// <summary>What a status means when nothing better is said.</summary>
    public static string Of(int status) => status switch
    {
        StatusCodes.Status200OK => "Done",
        StatusCodes.Status201Created => "Created",
        StatusCodes.Status202Accepted => "Accepted: it will be done",
        StatusCodes.Status400BadRequest => "The body or the query is wrong; `details.field` names the member",
        StatusCodes.Status401Unauthorized => "No key, or an unknown or revoked one",
        StatusCodes.Status403Forbidden => "The tier does not include it, or the tenant is suspended",
        StatusCodes.Status404NotFound => "There is no such thing of yours",
        StatusCodes.Status409Conflict => "It collides with what exists, or the charger said no",
        StatusCodes.Status413PayloadTooLarge => "The body is larger than 256 KiB",
        StatusCodes.Status415UnsupportedMediaType => "The body is not JSON",
        StatusCodes.Status429TooManyRequests => "A limit is reached; `Retry-After` tells when to try again, if trying again helps",
        StatusCodes.Status500InternalServerError => "Our fault",
        StatusCodes.Status503ServiceUnavailable => "Something is away for a moment; try again",
        StatusCodes.Status504GatewayTimeout => "How the command ended is unknown; the charger may still do it",
        _ => "See `error.message`",
    };
}

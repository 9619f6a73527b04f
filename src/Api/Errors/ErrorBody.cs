using System.Text.Json.Serialization;

namespace Capacitor.Api.Errors;

/// <summary>The one shape of every error: <c>{"success":false,"error":{…}}</c>.</summary>
internal sealed record ErrorBody(bool Success, ErrorContent Error);

internal sealed record ErrorContent(
    string Code, string Message, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ErrorDetails? Details);

/// <summary>What a program may want to know besides the message; members that say nothing are left out.</summary>
internal sealed record ErrorDetails
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Field { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RequiredTier { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CurrentTier { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OcppStatus { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OcppErrorCode { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CommandId { get; init; }
}

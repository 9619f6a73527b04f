using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Capacitor.Cli;

/// <summary>An error of the HTTP API, as far as people are told of it.</summary>
internal sealed record Refusal(RefusalError? Error)
{
    /// <summary>Why the server refused, in its own words if it has any.</summary>
    public static async Task<string> ReasonAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        try
        {
            var body = await answer.Content.ReadFromJsonAsync(RefusalJson.Default.Refusal, cancellation);
            return body?.Error?.Message ?? answer.ReasonPhrase ?? "no reason given";
        }
        catch (JsonException)
        {
            return answer.ReasonPhrase ?? "no reason given";
        }
    }
}

internal sealed record RefusalError(string? Code, string? Message);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Refusal))]
internal sealed partial class RefusalJson : JsonSerializerContext;

using System.Text;
using System.Text.Json;

namespace Capacitor.Api.Tests;

/// <summary>An answer, read to its end.</summary>
public sealed record Reply(int Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>The documented error, with a message that has <paramref name="message"/> in it.</summary>
    public void AssertError(int status, string code, string message = "")
    {
        Assert.True(Status == status, $"Expected {status}, got {Status}: {Body}");
        Assert.Equal("application/json; charset=utf-8", Header("Content-Type"));
        Assert.Equal(["success", "error"], Names(Json));
        Assert.False(Json.GetProperty("success").GetBoolean());
        var error = Json.GetProperty("error");
        Assert.Equal(["code", "message"], Names(error).Take(2));
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Contains(message, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", Body, StringComparison.Ordinal);
    }

    public static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(member => member.Name);
}

internal static class Calling
{
    /// <summary>Sends a request; a body goes as application/json.</summary>
    public static Task<Reply> SendAsync(this HttpClient http, string method, string path, string? json = null) =>
        http.SendAsync(method, path, json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"));

    public static async Task<Reply> SendAsync(this HttpClient http, string method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new(method), path) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await http.SendAsync(request);
        return new(
            (int)response.StatusCode,
            await response.Content.ReadAsStringAsync(),
            response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));
    }
}

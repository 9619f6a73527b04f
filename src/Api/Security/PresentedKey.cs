namespace Capacitor.Api.Security;

/// <summary>The API key of a request: <c>X-API-Key</c>, or else <c>Authorization: Bearer</c>.</summary>
internal static class PresentedKey
{
    public const string Header = "X-API-Key";

    private const string Bearer = "Bearer ";

    private const int MaxLength = 256;

    /// <summary>The key, or null when none was sent.</summary>
    public static string? Of(HttpRequest request)
    {
        var key = request.Headers[Header].ToString();
        if (key.Length == 0)
        {
            var authorization = request.Headers.Authorization.ToString();
            key = authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..] : "";
        }

        key = key.Trim();
        return key.Length == 0 ? null : key;
    }

    /// <summary>False for what can be no key; nothing is looked up for it.</summary>
    public static bool IsPlausible(string key) => key.Length <= MaxLength && !key.AsSpan().ContainsAnyExceptInRange('!', '~');
}

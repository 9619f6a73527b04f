using System.Buffers;

namespace Capacitor.Api.Errors;

/// <summary>The name of a request in logs and answers: the caller's when it is harmless, else one of ours.</summary>
internal static class RequestId
{
    public const string Header = "X-Request-Id";

    private const int MaxLength = 128;

    private static readonly SearchValues<char> Harmless =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:/+=@");

    public static string Of(HttpRequest request)
    {
        var given = request.Headers[Header].ToString();
        return given is { Length: > 0 and <= MaxLength } && !given.AsSpan().ContainsAnyExcept(Harmless)
            ? given
            : $"req_{Guid.CreateVersion7():N}";
    }
}

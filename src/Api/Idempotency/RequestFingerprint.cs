using System.Security.Cryptography;
using System.Text;

namespace Capacitor.Api.Idempotency;

/// <summary>The same for requests that are equal: method, path, query and body. Whoever keeps it seals it.</summary>
internal static class RequestFingerprint
{
    public static string Of(HttpRequest request, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path.ToUriComponent()}{request.QueryString.ToUriComponent()}\n"));
        hash.AppendData(body);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

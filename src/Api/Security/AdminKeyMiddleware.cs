using System.Security.Cryptography;
using System.Text;
using Capacitor.Api.Errors;
using Microsoft.Extensions.Options;

namespace Capacitor.Api.Security;

/// <summary>Stands before the operator's endpoints. They are not mapped at all when no admin key is configured.</summary>
internal sealed class AdminKeyMiddleware(RequestDelegate next, IOptions<ApiOptions> options)
{
    public const string Header = "X-Admin-Key";

    private readonly byte[] _expected = Hash(options.Value.AdminKey ?? "");

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<RequiresAdminKey>() is null)
        {
            return next(context);
        }

        var presented = context.Request.Headers[Header].ToString();
        if (CryptographicOperations.FixedTimeEquals(Hash(presented), _expected))
        {
            return next(context);
        }

        return ApiError.Of(StatusCodes.Status401Unauthorized, presented.Length == 0 ? "The admin key is needed: send it as X-Admin-Key." : "The admin key is wrong.")
            .ExecuteAsync(context);
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key)); // equal lengths, whatever is presented
}

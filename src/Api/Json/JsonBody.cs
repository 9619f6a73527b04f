using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Net.Http.Headers;

namespace Capacitor.Api.Json;

/// <summary>A request's body: one JSON object, whose members are asked for one by one and refused in words. Unknown members are left alone.</summary>
internal sealed class JsonBody : IDisposable
{
    /// <summary>The largest body taken, in bytes.</summary>
    public const int MaxBytes = 256 * 1024;

    private readonly JsonDocument _document;

    private JsonBody(JsonDocument document) => _document = document;

    /// <summary>Reads the body. Throws <see cref="RefusedException"/> (400) or <see cref="BadHttpRequestException"/> (413, 415).</summary>
    public static ValueTask<JsonBody> ReadAsync(HttpRequest request, int maxBytes = MaxBytes) => ReadAsync(request, optional: false, maxBytes);

    /// <summary>Reads the body, as if it were <c>{}</c> when there is none.</summary>
    public static ValueTask<JsonBody> ReadOptionalAsync(HttpRequest request) => ReadAsync(request, optional: true, MaxBytes);

    private static async ValueTask<JsonBody> ReadAsync(HttpRequest request, bool optional, int maxBytes)
    {
        RefuseOtherTypes(request);
        var bytes = await ReadBytesAsync(request, maxBytes);
        var document = Parse(optional && bytes.Length == 0 ? "{}"u8.ToArray() : bytes);
        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            return new(document);
        }

        var kind = JsonMember.Describe(document.RootElement);
        document.Dispose();
        throw new RefusedException(RefusalKind.Invalid, $"The body must be a JSON object, not {kind}.");
    }

    /// <summary>One member; <see cref="JsonMember.IsAbsent"/> when the body has none of this name.</summary>
    public JsonMember this[string name] => new(name, _document.RootElement.TryGetProperty(name, out var value) ? value : default);

    /// <summary>The whole object, as it was sent.</summary>
    public JsonElement Element => _document.RootElement;

    public void Dispose() => _document.Dispose();

    private static void RefuseOtherTypes(HttpRequest request)
    {
        if (string.IsNullOrEmpty(request.ContentType))
        {
            if (request.ContentLength is > 0 || request.Headers.TransferEncoding.Count > 0)
            {
                throw new BadHttpRequestException("The body needs the header Content-Type: application/json.", StatusCodes.Status415UnsupportedMediaType);
            }

            return;
        }

        if (!request.HasJsonContentType())
        {
            throw new BadHttpRequestException($"The body must be application/json, not {request.ContentType}.", StatusCodes.Status415UnsupportedMediaType);
        }

        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.Charset.HasValue
            && !HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            throw new BadHttpRequestException($"The body must be UTF-8, not {type.Charset}.", StatusCodes.Status415UnsupportedMediaType);
        }
    }

    /// <summary>All bytes of the body. Throws <see cref="BadHttpRequestException"/> (413).</summary>
    public static async ValueTask<byte[]> ReadBytesAsync(HttpRequest request, int maxBytes = MaxBytes)
    {
        if (request.ContentLength > maxBytes)
        {
            throw TooLarge(maxBytes);
        }

        while (true)
        {
            var read = await request.BodyReader.ReadAsync(request.HttpContext.RequestAborted);
            if (read.Buffer.Length > maxBytes)
            {
                throw TooLarge(maxBytes);
            }

            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return bytes;
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static JsonDocument Parse(byte[] bytes)
    {
        var text = bytes.AsMemory(bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0);
        if (text.Span.Trim(" \t\r\n"u8).IsEmpty)
        {
            throw new RefusedException(RefusalKind.Invalid, "The request needs a body: a JSON object.");
        }

        if (!Utf8.IsValid(text.Span))
        {
            throw new RefusedException(RefusalKind.Invalid, "The body is not valid JSON: it is not UTF-8.");
        }

        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException exception)
        {
            throw new RefusedException(RefusalKind.Invalid, Locate(exception));
        }
    }

    private static string Locate(JsonException exception)
    {
        var reason = exception.Message;
        var end = reason.IndexOf(" LineNumber:", StringComparison.Ordinal);
        reason = end < 0 ? reason : reason[..end];
        return $"The body is not valid JSON, line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}: {reason}";
    }

    private static BadHttpRequestException TooLarge(int maxBytes) =>
        new($"The body is larger than {maxBytes / 1024} KiB.", StatusCodes.Status413PayloadTooLarge);
}

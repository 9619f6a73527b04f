using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Capacitor.Api.Docs;

/// <summary>The document, made when it is asked for first.</summary>
internal sealed class DocumentText([FromKeyedServices("v1")] IOpenApiDocumentProvider provider)
{
    private readonly Lock _gate = new();
    private Task<byte[]>? _text;

    public Task<byte[]> ReadAsync()
    {
        lock (_gate)
        {
            return _text is null or { IsFaulted: true } ? _text = MakeAsync() : _text;
        }
    }

    private async Task<byte[]> MakeAsync()
    {
        var document = await provider.GetOpenApiDocumentAsync();
        using StringWriter text = new(CultureInfo.InvariantCulture);
        document.SerializeAsV31(new OpenApiJsonWriter(text, new() { Terse = true }));
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}

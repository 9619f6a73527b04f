using System.Text.Json;

namespace Capacitor.Testing;

/// <summary>Lets no answer of the API pass to a test that is not as documented.</summary>
public sealed class CheckedAnswers() : DelegatingHandler(new SocketsHttpHandler())
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.Content.Headers.ContentType?.MediaType == "application/json" && request.Method != HttpMethod.Head)
        {
            await response.Content.LoadIntoBufferAsync(cancellationToken);
            using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
            if (response.IsSuccessStatusCode && request.RequestUri?.AbsolutePath == "/api/v1/events" && request.Method == HttpMethod.Get)
            {
                EventSchemas.CheckPage(body.RootElement);
            }
        }

        return response;
    }
}

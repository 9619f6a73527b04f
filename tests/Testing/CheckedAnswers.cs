using System.Text.Json;

namespace Capacitor.Testing;

/// <summary>Lets no answer of the API pass to a test that is not as documented, nor a request that was taken without being so.</summary>
public sealed class CheckedAnswers() : DelegatingHandler(new SocketsHttpHandler())
{
    private const string Json = "application/json";
    private const string Api = "/api/v1/";

    private static readonly SemaphoreSlim Gate = new(1);

    private static ApiDescription? _description;

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.Content.Headers.ContentType?.MediaType == Json && request.Method != HttpMethod.Head && request.RequestUri!.AbsolutePath.StartsWith(Api, StringComparison.Ordinal))
        {
            await response.Content.LoadIntoBufferAsync(cancellationToken);
            await CheckAsync(request, response, cancellationToken);
        }

        return response;
    }

    private async Task CheckAsync(HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancellation)
    {
        var path = request.RequestUri!.AbsolutePath;
        var body = JsonElement.Parse(await response.Content.ReadAsByteArrayAsync(cancellation));
        if (response.IsSuccessStatusCode && path == "/api/v1/events" && request.Method == HttpMethod.Get)
        {
            EventSchemas.CheckPage(body);
        }

        if (await DescribeAsync(request.RequestUri, response.IsSuccessStatusCode, cancellation) is { } description)
        {
            Throw(description.CheckAnswer(request.Method.Method, path, (int)response.StatusCode, body));
            if (response.IsSuccessStatusCode && request.Content?.Headers.ContentType?.MediaType == Json && await request.Content.ReadAsByteArrayAsync(cancellation) is { Length: > 0 } sent)
            {
                Throw(description.CheckRequest(request.Method.Method, path, JsonElement.Parse(sent)));
            }
        }
    }

    // One document for all servers of a process; but one without an admin key does not describe what another one has.
    private async Task<ApiDescription?> DescribeAsync(Uri asked, bool isThere, CancellationToken cancellation)
    {
        await Gate.WaitAsync(cancellation);
        try
        {
            if (_description is null || (isThere && !_description.Knows(asked.AbsolutePath)))
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(asked, "/openapi/v1.json"));
                using var response = await base.SendAsync(request, cancellation);
                _description = response.IsSuccessStatusCode ? new(await response.Content.ReadAsStringAsync(cancellation)) : _description;
            }

            return _description;
        }
        finally
        {
            Gate.Release();
        }
    }

    private static void Throw(string? problem)
    {
        if (problem is not null)
        {
            throw new ApiMismatchException(problem);
        }
    }
}

/// <summary>An answer is not what the OpenAPI document says.</summary>
public sealed class ApiMismatchException(string message) : Exception(message);

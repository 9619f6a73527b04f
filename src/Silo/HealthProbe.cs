namespace Capacitor.Silo;

/// <summary>The program asking another one how it is: health checks in images that have no HTTP client of their own.</summary>
public static class HealthProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>
    /// Handles <c>--health URL</c>: 0 when the URL answers 2xx within four seconds, 1 when it does not, and what is wrong on the error output.
    /// Returns null when the arguments ask for something else.
    /// </summary>
    public static async Task<int?> TryRunAsync(string[] args)
    {
        if (args is not ["--health", ..])
        {
            return null;
        }

        if (args is not [_, var address] || !Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            await Console.Error.WriteLineAsync("Give one URL: --health http://localhost:5080/health/ready");
            return 1;
        }

        // Whatever proxy the environment names is for others; and a certificate is for the name that chargers use, not for localhost.
        using var handler = new SocketsHttpHandler { UseProxy = false, SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => url.IsLoopback } };
        using var http = new HttpClient(handler) { Timeout = Patience };
        try
        {
            using var response = await http.GetAsync(url);
            if (response.IsSuccessStatusCode)
            {
                return 0;
            }

            await Console.Error.WriteLineAsync($"{url} answers {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"{url} does not answer: {failure.Message}");
        }

        return 1;
    }
}

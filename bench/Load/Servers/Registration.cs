using System.Net;
using System.Net.Http.Json;
using Capacitor.Load.Fleet;

namespace Capacitor.Load.Servers;

/// <summary>Tells the server of the chargers and of the sink, over its HTTP API.</summary>
internal static class Registration
{
    private static readonly string[] s_everything = ["*"];

    /// <summary>Each where it will connect: so the grains are where they would be after any restart of the silos, at the end of the way that their calls take.</summary>
    public static async Task RegisterChargersAsync(Server server, int chargers)
    {
        var fronts = server.Urls.Select(url => Open(server, url)).ToList();
        await Parallel.ForEachAsync(Enumerable.Range(0, chargers), new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (number, cancellation) =>
        {
            var name = LoadCharger.Name(number);
            await PostAsync(fronts[number % fronts.Count], "/api/v1/chargers", new Dictionary<string, object> { ["chargeBoxId"] = name, ["name"] = name }, cancellation);
        });
        fronts.ForEach(http => http.Dispose());
    }

    public static async Task RegisterSinkAsync(Server server, string sink)
    {
        using var http = Open(server, server.Urls[0]);
        // With a secret, so that every delivery is signed, as it is in earnest.
        await PostAsync(http, "/api/v1/webhooks", new Dictionary<string, object> { ["url"] = sink, ["events"] = s_everything, ["secret"] = "load_secret" }, default);
    }

    private static HttpClient Open(Server server, Uri url) => new() { BaseAddress = url, DefaultRequestHeaders = { { "X-API-Key", server.Target.ApiKey } } };

    private static async Task PostAsync(HttpClient http, string path, Dictionary<string, object> body, CancellationToken cancellation)
    {
        using var answer = await http.PostAsJsonAsync(path, body, cancellation);
        if (answer.StatusCode is not (HttpStatusCode.Created or HttpStatusCode.Conflict))
        {
            throw new InvalidOperationException($"POST {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellation)}");
        }
    }
}

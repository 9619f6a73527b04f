using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Capacitor.Cli.Simulate;

/// <summary>Registers chargers over the HTTP API.</summary>
internal sealed class Registration : IDisposable
{
    private readonly HttpClient _http;

    public Registration(Uri api, string apiKey)
    {
        _http = new HttpClient { BaseAddress = api, Timeout = TimeSpan.FromSeconds(30) };
        _http.DefaultRequestHeaders.TryAddWithoutValidation("X-API-Key", apiKey);
    }

    /// <exception cref="SimulationException">The server cannot be reached, or refuses.</exception>
    public Task RegisterAsync(SimulationOptions options, CancellationToken cancellation) => Parallel.ForEachAsync(
        Enumerable.Range(1, options.Chargers),
        new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellation },
        async (number, token) => await RegisterAsync(new NewCharger(options.ChargeBoxId(number), $"Simulated charger {number}", "Simulator"), token));

    public void Dispose() => _http.Dispose();

    private async Task RegisterAsync(NewCharger charger, CancellationToken cancellation)
    {
        try
        {
            using var answer = await _http.PostAsJsonAsync("chargers", charger, RegistrationJson.Default.NewCharger, cancellation);
            // Conflict: an earlier simulation registered it.
            if (!answer.IsSuccessStatusCode && answer.StatusCode != HttpStatusCode.Conflict)
            {
                throw new SimulationException(await ExplainAsync(answer, charger.ChargeBoxId, cancellation));
            }
        }
        catch (HttpRequestException failure)
        {
            throw new SimulationException($"Capacitor cannot be reached at {_http.BaseAddress}: {failure.Message}", failure);
        }
        catch (TaskCanceledException failure) when (!cancellation.IsCancellationRequested)
        {
            throw new SimulationException($"Capacitor at {_http.BaseAddress} did not answer within {_http.Timeout.TotalSeconds:0} seconds.", failure);
        }
    }

    private static async Task<string> ExplainAsync(HttpResponseMessage answer, string chargeBoxId, CancellationToken cancellation)
    {
        var reason = await Refusal.ReasonAsync(answer, cancellation);
        return answer.StatusCode == HttpStatusCode.Unauthorized
            ? $"The API key was refused: {reason}"
            : $"{chargeBoxId} could not be registered ({(int)answer.StatusCode}): {reason}";
    }
}

internal sealed record NewCharger(string ChargeBoxId, string Name, string Location);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(NewCharger))]
internal sealed partial class RegistrationJson : JsonSerializerContext;

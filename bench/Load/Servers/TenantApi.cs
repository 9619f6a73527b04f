using System.Net.Http.Json;
using System.Text.Json;
using Capacitor.Load.Fleet;

namespace Capacitor.Load.Servers;

/// <summary>The HTTP API as one tenant calls it.</summary>
internal sealed class TenantApi : IDisposable
{
    private static readonly string[] s_everything = ["*"];

    private readonly HttpClient _http;

    /// <summary>Without a key: the tenant that the server has from its start on.</summary>
    public TenantApi(Server server, string? apiKey = null) =>
        _http = new HttpClient { BaseAddress = server.Urls[0], DefaultRequestHeaders = { { "X-API-Key", apiKey ?? server.Target.ApiKey } } };

    /// <summary>A new tenant.</summary>
    public static async Task<TenantApi> CreateAsync(Server server, string name)
    {
        using var http = new HttpClient { BaseAddress = server.Urls[0], DefaultRequestHeaders = { { "X-Admin-Key", Server.AdminKey } } };
        var tenant = await SendAsync(http, HttpMethod.Post, "/api/v1/admin/tenants", new() { ["name"] = name });
        var key = await SendAsync(http, HttpMethod.Post, $"/api/v1/admin/tenants/{tenant.GetProperty("id").GetString()}/api-keys", new() { ["name"] = "load" });
        return new TenantApi(server, key.GetProperty("key").GetString());
    }

    /// <summary>Chargers by their numbers.</summary>
    public Task AddChargersAsync(int first, int count) => Parallel.ForEachAsync(
        Enumerable.Range(first, count),
        new ParallelOptions { MaxDegreeOfParallelism = 32 },
        async (number, _) => await SendAsync(_http, HttpMethod.Post, "/api/v1/chargers", new() { ["chargeBoxId"] = LoadCharger.Name(number), ["name"] = LoadCharger.Name(number) }));

    /// <summary>A webhook for all events, signed as it is in earnest; answers its id.</summary>
    public async Task<string> AddWebhookAsync(string url) =>
        IdOf(await SendAsync(_http, HttpMethod.Post, "/api/v1/webhooks", new() { ["url"] = url, ["events"] = s_everything, ["secret"] = Secret }));

    /// <summary>Many of them, one after the other.</summary>
    public async Task<IReadOnlyList<string>> AddWebhooksAsync(IEnumerable<string> urls)
    {
        var ids = new List<string>();
        foreach (var url in urls)
        {
            ids.Add(await AddWebhookAsync(url));
        }

        return ids;
    }

    public async Task RemoveWebhooksAsync(IEnumerable<string> ids)
    {
        foreach (var id in ids)
        {
            await SendAsync(_http, HttpMethod.Delete, $"/api/v1/webhooks/{id}");
        }
    }

    /// <summary>Replays what happened before a moment; answers the replay's path.</summary>
    public async Task<string> ReplayAsync(string webhook, DateTimeOffset before)
    {
        var path = $"/api/v1/webhooks/{webhook}/replays";
        return $"{path}/{IdOf(await SendAsync(_http, HttpMethod.Post, path, new() { ["from"] = "2000-01-01", ["to"] = before }))}";
    }

    public Task CancelAsync(string replay) => SendAsync(_http, HttpMethod.Delete, replay);

    /// <summary>Waits until a replay has ended, and answers what it says of itself.</summary>
    public async Task<JsonElement> CompletedAsync(string replay)
    {
        while (true)
        {
            var now = await SendAsync(_http, HttpMethod.Get, replay);
            if (now.GetProperty("status").GetString() != "running")
            {
                return now;
            }

            await Task.Delay(100);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>What the load's webhooks are signed with.</summary>
    public const string Secret = "load_secret";

    private static string IdOf(JsonElement body) => body.GetProperty("id").GetString()!;

    private static async Task<JsonElement> SendAsync(HttpClient http, HttpMethod method, string path, Dictionary<string, object>? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await http.SendAsync(request);
        return answer.IsSuccessStatusCode
            ? await answer.Content.ReadFromJsonAsync<JsonElement>()
            : throw new InvalidOperationException($"{method} {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }
}

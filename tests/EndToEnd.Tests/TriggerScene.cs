using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.EndToEnd.Tests;

/// <summary>A tenant of its own with a connected charger, and a receiver that wants certain events: what comes is what was caused here.</summary>
internal sealed class TriggerScene : IAsyncDisposable
{
    private const string Secret = "optional_webhook_secret";

    private readonly HttpClient _http;

    private TriggerScene(HttpClient http, FakeCharger charger, string chargeBoxId, WebhookReceiver receiver) =>
        (_http, Charger, ChargeBoxId, Receiver) = (http, charger, chargeBoxId, receiver);

    public FakeCharger Charger { get; }

    public string ChargeBoxId { get; }

    private WebhookReceiver Receiver { get; }

    public static async Task<TriggerScene> OpenAsync(ServerProcess server, IReadOnlyList<string> events)
    {
        using var admin = new HttpClient(new CheckedAnswers()) { BaseAddress = server.Address, DefaultRequestHeaders = { { "X-Admin-Key", ServerProcess.AdminKey } } };
        var tenant = await ReadAsync(await admin.PostAsJsonAsync("/api/v1/admin/tenants", new { name = "trigger", tier = "scale" }));
        var key = await ReadAsync(await admin.PostAsJsonAsync($"/api/v1/admin/tenants/{tenant.GetProperty("id").GetString()}/api-keys", new { name = "first" }));
        var http = new HttpClient(new CheckedAnswers()) { BaseAddress = server.Address, DefaultRequestHeaders = { { "X-API-Key", key.GetProperty("key").GetString() } } };
        var chargeBoxId = $"CP-{Guid.NewGuid():N}";
        await ReadAsync(await http.PostAsJsonAsync("/api/v1/chargers", new { chargeBoxId }));
        var charger = await FakeCharger.ConnectAsync(server.OcppUrl, chargeBoxId);
        await charger.CallAsync("BootNotification", ChargerMessages.Boot());
        var receiver = await WebhookReceiver.StartAsync();
        await ReadAsync(await http.PostAsJsonAsync("/api/v1/webhooks", new { url = receiver.Url, events, secret = Secret }));
        return new(http, charger, chargeBoxId, receiver);
    }

    /// <summary>What the charger is answered.</summary>
    public async Task<JsonElement> SayAsync(string action, string payload)
    {
        var answer = await Charger.CallAsync(action, payload);
        Assert.False(answer.IsError, answer.ErrorDescription);
        return answer.Payload;
    }

    /// <summary>The number of a transaction that the charger begins.</summary>
    public async Task<int> BeginAsync() =>
        (await SayAsync("StartTransaction", ChargerMessages.Start(1, "TAG", 0, DateTimeOffset.UnixEpoch.AddYears(56)))).GetProperty("transactionId").GetInt32();

    /// <summary>What the API answers.</summary>
    public async Task<JsonElement> AskAsync(string method, string path, object? body = null) => await ReadAsync(await SendAsync(method, path, body));

    /// <summary>What the API answers to a command that the charger answers so.</summary>
    public async Task<JsonElement> CommandAsync(string method, string path, object? body, string status, HttpStatusCode? refused = null)
    {
        var asked = SendAsync(method, path, body);
        await Charger.AnswerAsync(await Charger.NextCallAsync(), $$"""{"status":"{{status}}"}""");
        var answer = await asked;
        if (refused is not { } expected)
        {
            return await ReadAsync(answer);
        }

        Assert.Equal(expected, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Waits for these events, in this order: signed, as their schemas say, and with these members in their data.</summary>
    public async Task AssertToldAsync(IReadOnlyList<string> events, object members)
    {
        var posts = await Receiver.WaitForAsync(events.Count);
        Assert.Equal(events, posts.Select(post => JsonElement.Parse(post.Body).GetProperty("event").GetString()));
        foreach (var post in posts)
        {
            WebhookSignature.AssertBy(Secret, post);
            EventSchemas.Check(post.Body);
            var data = JsonElement.Parse(post.Body).GetProperty("data");
            foreach (var member in JsonSerializer.SerializeToElement(members, JsonSerializerOptions.Web).EnumerateObject())
            {
                Assert.True(data.TryGetProperty(member.Name, out var told) && JsonElement.DeepEquals(member.Value, told), $"'{member.Name}' is not {member.Value} in {data}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Charger.DisposeAsync();
        await Receiver.DisposeAsync();
        _http.Dispose();
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
            return await answer.Content.ReadFromJsonAsync<JsonElement>();
        }
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, object? body)
    {
        using var request = new HttpRequestMessage(new(method), "/api/v1" + path) { Content = body is null ? null : JsonContent.Create(body) };
        return await _http.SendAsync(request);
    }
}

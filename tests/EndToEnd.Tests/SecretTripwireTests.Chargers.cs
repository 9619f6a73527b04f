using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.EndToEnd.Tests;

public partial class SecretTripwireTests
{
    private const string Charger = "CP1";
    private const string FirstPassword = "charger-passw0rd-4711";
    private const string AuthorizationKey = "a1f4c9e07b3d5826e9c0d7a4b8f1365207ce94ad";
    private const string LaterKey = "77d0b2c5fe139a4860e5c7d21b8f03a94c6e52d1";
    private const string WifiPassword = "wifi-passw0rd-4712";
    private const string UploadPassword = "upl0ad-passw0rd-4713";
    private const string PresignedRight = "presigned-r1ght-4714";

    [Fact]
    public async Task Secrets_GivenToChargersAndMadeForTenants_AreNowhere()
    {
        using var data = new TemporaryDirectory();
        await using var collector = await TraceReceiver.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        List<Needle> needles =
        [
            .. Needle.Of("charger's first password", FirstPassword), .. Needle.Of("AuthorizationKey", AuthorizationKey), .. Needle.Of("AuthorizationKey's bytes", Convert.FromHexString(AuthorizationKey)),
            .. Needle.Of("later AuthorizationKey", LaterKey), .. Needle.Of("password of a vendor's setting", WifiPassword), .. Needle.Of("password of a URL", UploadPassword),
            .. Needle.Of("right of a presigned URL", PresignedRight),
        ];
        StringBuilder answers = new();
        await using (var server = await ServerProcess.StartAsync(
            data.Path, ["--Logging:LogLevel:Default=Trace", "--Logging:LogLevel:Orleans=Trace", "--Logging:LogLevel:Microsoft.AspNetCore=Trace", .. collector.Settings]))
        {
            await server.RegisterWebhookAsync(receiver.Url);
            Assert.Equal(HttpStatusCode.Created, (await PostAsync("/chargers", new { chargeBoxId = Charger, password = FirstPassword })).Status);

            // The key is shown to who makes it, and to who sends the same request again.
            var made = (await PostAsync("/auth/api-keys", new { name = "second" }, "make-a-key", isShown: true)).Body;
            Assert.Equal(made, (await PostAsync("/auth/api-keys", new { name = "second" }, "make-a-key", isShown: true)).Body);
            var key = JsonElement.Parse(made).GetProperty("key").GetString()!;
            needles.AddRange(Needle.Of("API key", key));
            using var second = new HttpClient { BaseAddress = server.Address, DefaultRequestHeaders = { { "X-API-Key", key } } };
            answers.AppendLine(await second.GetStringAsync("/api/v1/tenant")).AppendLine(await second.GetStringAsync("/api/v1/auth/api-keys"));

            await using (var charger = await FakeCharger.ConnectAsync(server.OcppUrl, Charger, FirstPassword))
            {
                await charger.CallAsync("BootNotification", ChargerMessages.Boot());
                await CommandAsync(charger, "configuration/change", new { key = "AuthorizationKey", value = AuthorizationKey }, call => charger.AnswerAsync(call, """{"status":"Accepted"}"""));
                await charger.CloseAsync();
            }

            await using (var charger = await FakeCharger.ConnectAsync(server.OcppUrl, Charger, AuthorizationKey))
            {
                await CommandAsync(
                    charger, "configuration/change", new { key = "WifiPassword", value = WifiPassword }, call => charger.RefuseAsync(call, "GenericError", $"'{WifiPassword}' is too weak"), isShown: true);
                await CommandAsync(
                    charger, "call", new { action = "ChangeConfiguration", payload = new { key = "AuthorizationKey", value = LaterKey } }, call => charger.AnswerAsync(call, """{"status":"RebootRequired"}"""));
                var settings = $$"""{"configurationKey":[{"key":"AuthorizationKey","readonly":false,"value":"{{LaterKey}}"},{"key":"WifiPassword","readonly":false,"value":"{{WifiPassword}}"}]}""";
                await CommandAsync(charger, "configuration/get", null, call => charger.AnswerAsync(call, settings), isShown: true);
                var location = $"ftp://user:{UploadPassword}@files.example.com/up?signature={PresignedRight}";
                await CommandAsync(charger, "diagnostics", new { location }, call => charger.AnswerAsync(call, """{"fileName":"diagnostics.zip"}"""));
                await CommandAsync(
                    charger, "firmware/update", new { location, retrieveDate = "2026-02-06T14:30:00Z" }, call => charger.RefuseAsync(call, "GenericError", $"No way to {location}"), isShown: true);
                await CommandAsync(charger, "log", new { logType = "SecurityLog", requestId = 1, log = new { remoteLocation = location } }, call => charger.AnswerAsync(call, """{"status":"Accepted"}"""));
            }

            await UntilLoggedAsync("GetLog");
            var commands = (await ListAsync($"/chargers/{Charger}/commands?limit=100")).GetProperty("commands").EnumerateArray().ToList();
            Assert.Equal(7, commands.Count(command => command.GetRawText().Contains("***", StringComparison.Ordinal) && command.GetProperty("completedAt").ValueKind != JsonValueKind.Null));
            foreach (var command in commands)
            {
                await ListAsync($"/commands/{command.GetProperty("id").GetString()}");
            }

            foreach (var list in new[] { $"/chargers/{Charger}", "/chargers", $"/chargers/{Charger}/messages?limit=200", $"/chargers/{Charger}/anomalies", "/webhooks" })
            {
                await ListAsync(list);
            }

            answers.AppendLine(await server.Http.GetStringAsync("/metrics"));
            await receiver.WaitForAsync((await ListAsync("/events?limit=100")).GetProperty("events").GetArrayLength());
            Assert.Equal(0, await server.StopAsync());

            // All spans are out when the process is gone.
            var spans = await collector.WaitForAsync(all => all.Count > 0 ? all : null);
            Assert.Contains(spans, span => span.Tags.Values.Any(value => value.Contains("configuration/change", StringComparison.Ordinal)));
            Nowhere(needles, "log", Encoding.UTF8.GetBytes(server.Output));
            Nowhere(needles, "answers and metrics", Encoding.UTF8.GetBytes(answers.ToString()));
            Nowhere(needles, "spans", Encoding.UTF8.GetBytes(string.Join('\n', spans.SelectMany(span => span.Tags.Select(tag => $"{span.Name} {tag.Key}={tag.Value}")))));

            async Task<(HttpStatusCode Status, string Body)> PostAsync(string path, object? body, string? idempotencyKey = null, bool isShown = false)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1" + path) { Content = body is null ? null : JsonContent.Create(body) };
                request.Headers.Add("Idempotency-Key", idempotencyKey ?? Guid.NewGuid().ToString());
                using var answer = await server.Http.SendAsync(request);
                var text = await answer.Content.ReadAsStringAsync();
                answers.AppendLine(isShown ? "" : text);
                return (answer.StatusCode, text);
            }

            // What the charger itself says is shown to who asks, as it is, and kept without secrets.
            async Task CommandAsync(FakeCharger charger, string path, object? body, Func<FakeCall, Task> answer, bool isShown = false)
            {
                var asked = PostAsync($"/chargers/{Charger}/{path}", body, isShown: isShown);
                await answer(await charger.NextCallAsync());
                await asked;
            }

            async Task<JsonElement> ListAsync(string path)
            {
                var text = await server.Http.GetStringAsync("/api/v1" + path);
                answers.AppendLine(text);
                return JsonElement.Parse(text);
            }

            // The log is written a moment after the message.
            async Task UntilLoggedAsync(string action)
            {
                for (var since = Stopwatch.GetTimestamp(); ;)
                {
                    var logged = await server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/chargers/{Charger}/messages?action={action}");
                    if (logged.GetProperty("messages").GetArrayLength() == 2)
                    {
                        return;
                    }

                    Assert.True(Stopwatch.GetElapsedTime(since) < Patience, $"Of {action}, this is in the log: {logged}");
                }
            }
        }

        Nowhere(needles, "deliveries", Encoding.UTF8.GetBytes(string.Join('\n', receiver.Received.Select(post => $"{post.Path} {string.Join(' ', post.Headers)} {post.Text}"))));
        foreach (var file in Directory.GetFiles(data.Path, "*", SearchOption.AllDirectories))
        {
            Nowhere(needles, Path.GetFileName(file), await File.ReadAllBytesAsync(file));
        }
    }
}

using System.Diagnostics;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Capacitor.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Xunit;

namespace Capacitor.EndToEnd.Tests;

/// <summary>No secret of a webhook or charger is in anything that the program puts out or writes: log, metrics, traces, answers and files, raw, in base64 or in hex.</summary>
public partial class SecretTripwireTests
{
    private const string Token = "header-s3cret-0123456789";
    private const string Header = "Bearer " + Token;
    private const string ChargerKey = "charger-k3y-0123456789abcdef";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Secrets_OfAWholeLife_AreNowhere()
    {
        using var data = new TemporaryDirectory();
        await using var collector = await TraceReceiver.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var refusing = await WebhookReceiver.StartAsync(ReceiverAnswers.Status(500));
        using var authority = TestAuthority.Create();
        using var certificate = authority.IssueClient("capacitor");
        using var theirs = authority.IssueServer();
        await using var secure = await WebhookReceiver.StartAsync(listen: options => options.UseHttps(theirs, https =>
        {
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.ClientCertificateValidation = (_, _, _) => true;
        }));
        var tlsKey = certificate.GetECDsaPrivateKey()!;
        const string First = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        const string Text = "a-secret-that-is-plain-text";
        await using var echoing = await WebhookReceiver.StartAsync(async (context, webhook) =>
        {
            context.Response.StatusCode = 500;
            context.Response.Headers["X-Echo"] = webhook.Headers["authorization"];
            await context.Response.WriteAsync(JsonSerializer.Serialize(new { webhook.Headers, Token = webhook.Headers["authorization"][7..], Secret = Text, Key = First[6..] }));
        });
        List<Needle> needles =
        [
            .. Needle.Of("v1 secret", First), .. Needle.Of("v1 key", Convert.FromBase64String(First[6..])),
            .. Needle.Of("plain secret", Text), .. Needle.Of("header", Header), .. Needle.Of("header", Token),
            .. Needle.Of("charger's AuthorizationKey", ChargerKey), .. Needle.Of("TLS key", tlsKey.ExportPkcs8PrivateKey()),
            .. Needle.Of("TLS private scalar", tlsKey.ExportParameters(true).D!), .. Needle.Of("private key's beginning", "whsk_"),
        ];
        StringBuilder answers = new();
        await using (var server = await ServerProcess.StartAsync(
            data.Path, ["--Logging:LogLevel:Default=Trace", "--Logging:LogLevel:Orleans=Trace", "--Logging:LogLevel:Microsoft.AspNetCore=Trace", .. collector.Settings]))
        {
            await server.RegisterChargerAsync("CP1");
            var tls = new { clientCertificate = certificate.ExportCertificatePem(), clientKey = tlsKey.ExportPkcs8PrivateKeyPem(), authorities = authority.Pem };
            var headers = new Dictionary<string, string> { ["Authorization"] = Header };
            var signed = await AskAsync("POST", "", new { url = secure.Url, events = new[] { "*" }, secret = First, headers, tls });
            var failing = await AskAsync("POST", "", new { url = refusing.Url, events = new[] { "*" }, secret = Text, headers });
            var asymmetric = await AskAsync("POST", "", new { url = receiver.Url, events = new[] { "*" }, signature = "v1a", headers });
            var echoed = await AskAsync("POST", "", new { url = echoing.Url, events = new[] { "*" }, secret = Text, headers });
            await AskAsync("POST", $"/{echoed}/secret/rotate", new { secret = First, overlapHours = 1 }, isShown: true);
            await using var charger = await FakeCharger.ConnectAsync(server.OcppUrl, "CP1");
            await charger.CallAsync("BootNotification", """{"chargePointVendor":"Acme","chargePointModel":"One"}""");
            await secure.WaitForAsync(2);
            await receiver.WaitForAsync(2);
            await refusing.WaitForAsync(2);
            await echoing.WaitForAsync(2);
            await AskAsync("POST", $"/{echoed}/test", null);

            // The one answer that shows a secret is the rotation's.
            using var rotated = await server.Http.PostAsJsonAsync($"/api/v1/webhooks/{signed}/secret/rotate", new { overlapHours = 1 });
            var second = (await rotated.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("secret").GetString()!;
            needles.AddRange([.. Needle.Of("rotated secret", second), .. Needle.Of("rotated key", Convert.FromBase64String(second[6..]))]);
            await AskAsync("POST", $"/{asymmetric}/secret/rotate", new { overlapHours = 1 });
            await AskAsync("PATCH", $"/{failing}", new { signature = "v1a" });
            await AskAsync("PATCH", $"/{failing}", new { headers = new Dictionary<string, string> { ["host"] = Header } });
            await AskAsync("PATCH", $"/{failing}", new { secret = Text });
            await AskAsync("PATCH", $"/{failing}", new { tls = new { clientKey = tls.clientKey } });
            await charger.CallAsync("StatusNotification", """{"connectorId":1,"errorCode":"NoError","status":"Preparing"}""");
            await charger.SendRawAsync($$"""[3,"stray",{"configurationKey":[{"key":"AuthorizationKey","readonly":false,"value":"{{ChargerKey}}"}]}]""");
            await charger.SendRawAsync($$"""{"configurationKey":[{"key":"AuthorizationKey","value":"{{ChargerKey}}"}]""");
            await charger.CallAsync("Heartbeat", messageId: "after-the-key");
            answers.AppendLine(await UntilLoggedAsync("after-the-key")).AppendLine(await server.Http.GetStringAsync("/api/v1/chargers/CP1/anomalies"));
            await secure.WaitForAsync(4);
            await receiver.WaitForAsync(4);
            await AskAsync("GET", "", null);
            await AskAsync("GET", $"/{signed}", null);
            foreach (var delivery in await UntilListedAsync(echoed, 5))
            {
                await AskAsync("GET", $"/{echoed}/deliveries/{delivery}", null);
            }

            await AskAsync("GET", $"/{echoed}/deliveries", null);
            Assert.Equal(6 * 5, answers.ToString().Split("[redacted]").Length - 1); // the test, itself and four events in the log: each time a header, and in the body a header, a token, a secret and a key
            answers.AppendLine(await server.Http.GetStringAsync("/api/v1/events")).AppendLine(await server.Http.GetStringAsync("/metrics"));
            var spans = await collector.WaitForAsync(all => all.Count(span => span.Name == "POST") >= 6 ? all : null);
            Assert.Equal(0, await server.StopAsync());

            Nowhere(needles, "log", Encoding.UTF8.GetBytes(server.Output));
            Nowhere(needles, "answers and metrics", Encoding.UTF8.GetBytes(answers.ToString()));
            Nowhere(needles, "spans", Encoding.UTF8.GetBytes(string.Join('\n', spans.SelectMany(span => span.Tags.Select(tag => $"{span.Name} {tag.Key}={tag.Value}")))));

            // The log is written a moment after the answer.
            async Task<IReadOnlyList<string>> UntilListedAsync(string webhook, int count)
            {
                for (var since = Stopwatch.GetTimestamp(); ;)
                {
                    var listed = (await server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/webhooks/{webhook}/deliveries")).GetProperty("deliveries");
                    if (listed.GetArrayLength() >= count)
                    {
                        return [.. listed.EnumerateArray().Select(delivery => delivery.GetProperty("id").GetString()!)];
                    }

                    Assert.True(Stopwatch.GetElapsedTime(since) < Patience, $"Of {count} deliveries, these are in the log: {listed}");
                }
            }

            async Task<string> UntilLoggedAsync(string messageId)
            {
                for (var since = Stopwatch.GetTimestamp(); ;)
                {
                    var logged = await server.Http.GetStringAsync("/api/v1/chargers/CP1/messages");
                    if (logged.Contains(messageId, StringComparison.Ordinal))
                    {
                        return logged;
                    }

                    Assert.True(Stopwatch.GetElapsedTime(since) < Patience, $"{messageId} is not in the message log: {logged}");
                }
            }

            async Task<string> AskAsync(string method, string path, object? body, bool isShown = false)
            {
                using var request = new HttpRequestMessage(new(method), "/api/v1/webhooks" + path) { Content = body is null ? null : JsonContent.Create(body) };
                using var answer = await server.Http.SendAsync(request);
                var text = await answer.Content.ReadAsStringAsync();
                answers.AppendLine(isShown ? "" : text); // what was given to replace a secret is shown this once
                return JsonDocument.Parse(text).RootElement.TryGetProperty("id", out var id) ? id.GetString()! : "";
            }
        }

        var posts = secure.Received.Concat(receiver.Received).Concat(refusing.Received).ToList();
        Assert.All(secure.Received, post => Assert.Equal("CN=capacitor", post.ClientCertificate));
        Assert.Contains(posts, post => post.Headers.TryGetValue("webhook-signature", out var signatures) && signatures.Split(' ').Length == 2);
        Nowhere(
            needles.Where(needle => needle.Name != "header"), "deliveries",
            Encoding.UTF8.GetBytes(string.Join('\n', posts.Select(post => $"{post.Path} {string.Join(' ', post.Headers)} {post.Text}"))));
        foreach (var file in Directory.GetFiles(data.Path, "*", SearchOption.AllDirectories))
        {
            Nowhere(needles, Path.GetFileName(file), await File.ReadAllBytesAsync(file));
        }
    }

    private static void Nowhere(IEnumerable<Needle> needles, string place, byte[] haystack)
    {
        Assert.True(haystack.Length > 0 || place == "capacitor.lock" || place.EndsWith("-wal", StringComparison.Ordinal), $"There is nothing in {place} to look at.");
        Assert.All(needles, needle => Assert.False(haystack.AsSpan().IndexOf(needle.Bytes) >= 0, $"The {needle.Name}, {needle.Form}, is in {place}."));
    }

    private sealed record Needle(string Name, string Form, byte[] Bytes)
    {
        public static IEnumerable<Needle> Of(string name, string secret) => Of(name, Encoding.UTF8.GetBytes(secret)).Append(new(name, "in UTF-16", Encoding.Unicode.GetBytes(secret)));

        public static IEnumerable<Needle> Of(string name, byte[] secret)
        {
            yield return new(name, "raw", secret);
            if (secret.Length < 8)
            {
                yield break; // what is encoded of a few bytes turns up by chance
            }

            yield return new(name, "in base64", Encoding.ASCII.GetBytes(Convert.ToBase64String(secret).TrimEnd('=')));
            yield return new(name, "in hex", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(secret)));
            yield return new(name, "in upper-case hex", Encoding.ASCII.GetBytes(Convert.ToHexString(secret)));
        }
    }
}

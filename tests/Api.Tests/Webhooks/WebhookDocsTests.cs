using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Capacitor.Tenants;
using Capacitor.Testing;

namespace Capacitor.Api.Tests.Webhooks;

/// <summary>The bodies on docs/webhooks.md have the members that the API's have, in their order.</summary>
[Collection(ApiServer.Collection)]
public sealed class WebhookDocsTests(ApiServer server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Bodies_OnThePage_AreAsTheApiWritesThem()
    {
        await using var receiver = await WebhookReceiver.StartAsync(ReceiverAnswers.Text(503, "Back soon."));
        var http = (await server.Capacitor.AddTenantAsync(Tier.Scale)).Http;
        var charger = await server.AddChargerAsync(http);
        var created = await http.SendAsync("POST", "/api/v1/webhooks", $$"""{"url":"{{receiver.Url}}","events":["*"]}""");
        var path = $"/api/v1/webhooks/{created.Json.GetProperty("id").GetString()}";
        await using (var socket = await server.ConnectAsync(charger))
        {
            await socket.CallAsync("BootNotification", ChargerMessages.Boot());
            await receiver.WaitForAsync(2);
        }

        var list = await UntilAsync(() => http.SendAsync("GET", $"{path}/deliveries?limit=1"), page => page.GetProperty("deliveries").GetArrayLength() == 1);
        var one = (await http.SendAsync("GET", $"{path}/deliveries/{list.GetProperty("deliveries")[0].GetProperty("id").GetString()}")).Json;
        var health = (await http.SendAsync("GET", $"{path}/health")).Json;
        var replay = (await http.SendAsync("POST", $"{path}/replays", """{"missedOnly":true,"dryRun":true}""")).Json;
        await http.SendAsync("PATCH", path, """{"active":false}""");
        var active = (await http.SendAsync("PATCH", path, """{"active":true}""")).Json;
        await receiver.DisposeAsync();
        var test = (await http.SendAsync("POST", $"{path}/test")).Json;

        var documented = Documented().Select(Shape).ToHashSet();
        Assert.All([list, one.GetProperty("attempts")[0], health, replay, active, test], body => Assert.Contains(Shape(body), documented));
    }

    private static IEnumerable<JsonElement> Documented() =>
        Regex.Matches(File.ReadAllText(Path.Combine(Root(), "docs/webhooks.md")), "```json\n(.*?)```", RegexOptions.Singleline).Select(block => JsonElement.Parse(block.Groups[1].Value));

    // Names only, of lists those of the first.
    private static string Shape(JsonElement item) => item.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(",", item.EnumerateObject().Select(member => member.Name + Shape(member.Value))) + "}",
        JsonValueKind.Array => "[" + (item.GetArrayLength() > 0 ? Shape(item[0]) : "") + "]",
        _ => "",
    };

    private static async Task<JsonElement> UntilAsync(Func<Task<Reply>> ask, Func<JsonElement, bool> isSo)
    {
        for (var since = Stopwatch.GetTimestamp(); ;)
        {
            var reply = await ask();
            if (isSo(reply.Json))
            {
                return reply.Json;
            }

            Assert.True(Stopwatch.GetElapsedTime(since) < Patience, $"It stays {reply.Body}");
        }
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Capacitor.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}

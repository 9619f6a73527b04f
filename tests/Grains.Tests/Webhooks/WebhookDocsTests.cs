using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Capacitor.Grains.Webhooks;
using Receiver;

namespace Capacitor.Grains.Tests.Webhooks;

/// <summary>The snippets of docs/webhooks.md do what the page says.</summary>
public sealed class WebhookDocsTests
{
    private const string Id = "evt_6f0d3c1b5a7e4f2d";
    private const string Body = """{"event":"charger.connected","data":{"chargeBoxId":"Ladesäule"}}""";

    public static TheoryData<string> Secrets => ["optional_webhook_secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"];

    [Theory]
    [MemberData(nameof(Secrets))]
    public void CSharp_AsDocumented_TellsOursFromOthers(string secret)
    {
        var body = System.Text.Encoding.UTF8.GetBytes(Body);
        Assert.Equal(
            [true, true, false, false, false],
            Cases(secret).Select(item => CapacitorWebhook.Verify(secret, Id, item.Timestamp, item.Signatures, item.IsWhole ? body : body[1..])));
    }

    [Fact]
    public void CSharp_OnThePage_IsTheTextThatIsCompiledHere() =>
        Assert.Equal(File.ReadAllText(Path.Combine(Root(), "tests/Grains.Tests/Webhooks/CapacitorWebhook.cs")), Snippet("csharp"));

    [Theory]
    [MemberData(nameof(Secrets))]
    public async Task JavaScript_AsDocumented_TellsOursFromOthers(string secret)
    {
        var calls = Cases(secret).Select(item =>
            $"console.log(verify('{secret}', {{'webhook-id': '{Id}', 'webhook-timestamp': '{item.Timestamp}', 'webhook-signature': '{item.Signatures}'}}, " +
            $"Buffer.from('{Body}').subarray({(item.IsWhole ? 0 : 1)})));");
        Assert.Equal(["true", "true", "false", "false", "false"], await RunAsync("node", "verify.mjs", Snippet("javascript") + string.Join('\n', calls)));
    }

    [Fact]
    public async Task JavaScript_ForEd25519_TellsOursFromOthers()
    {
        var secret = SigningSecrets.Make(Capacitor.Webhooks.SignatureScheme.V1a);
        Assert.True(Ed25519Key.TryParse(secret.Text, out var key));
        var calls = Cases(key.Sign).Select(item =>
            $"console.log(verify('{key.PublicText}', {{'webhook-id': '{Id}', 'webhook-timestamp': '{item.Timestamp}', 'webhook-signature': '{item.Signatures}'}}, " +
            $"Buffer.from('{Body}').subarray({(item.IsWhole ? 0 : 1)})));");
        Assert.Equal(["true", "true", "false", "false", "false"], await RunAsync("node", "verify.mjs", Snippet("js") + string.Join('\n', calls)));
    }

    [Theory]
    [MemberData(nameof(Secrets))]
    public async Task Python_AsDocumented_TellsOursFromOthers(string secret)
    {
        if (!IsInstalled("python3"))
        {
            Assert.True(IsInstalled("node"), "Neither python3 nor node is here to run what the page shows.");
            return;
        }

        var calls = Cases(secret).Select(item =>
            $"print(verify('{secret}', {{'webhook-id': '{Id}', 'webhook-timestamp': '{item.Timestamp}', 'webhook-signature': '{item.Signatures}'}}, " +
            $"'{Body}'.encode()[{(item.IsWhole ? 0 : 1)}:]))");
        Assert.Equal(["True", "True", "False", "False", "False"], await RunAsync("python3", "verify.py", Snippet("python") + string.Join('\n', calls)));
    }

    // Right; right among others; another body; another time; none.
    private static IEnumerable<(string Timestamp, string Signatures, bool IsWhole)> Cases(string secret)
    {
        Assert.True(SigningKey.TryParse(secret, out var key));
        return Cases(key.Sign);
    }

    private static IEnumerable<(string Timestamp, string Signatures, bool IsWhole)> Cases(Sign sign)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var (fresh, stale) = (now.ToString(CultureInfo.InvariantCulture), (now - 600).ToString(CultureInfo.InvariantCulture));
        var body = System.Text.Encoding.UTF8.GetBytes(Body);
        var signature = sign(Id, fresh, body);
        return
        [
            (fresh, signature, true),
            (fresh, "v1a,AAAA v1,AAAA " + signature, true),
            (fresh, signature, false),
            (stale, sign(Id, stale, body), true),
            (fresh, "", true),
        ];
    }

    private delegate string Sign(string id, string timestamp, ReadOnlySpan<byte> body);

    private static string Snippet(string language) =>
        Regex.Match(File.ReadAllText(Path.Combine(Root(), "docs/webhooks.md")), $"```{language}\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;

    internal static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Capacitor.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    private static async Task<string[]> RunAsync(string program, string file, string script)
    {
        var folder = Directory.CreateTempSubdirectory("capacitor-docs-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, file), script);
            using var process = Process.Start(new ProcessStartInfo(program, file)
            {
                WorkingDirectory = folder.FullName,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.Equal("", await errors);
            return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}

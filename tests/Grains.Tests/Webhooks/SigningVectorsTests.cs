using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Capacitor.Grains.Webhooks;
using Capacitor.Webhooks;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Capacitor.Grains.Tests.Webhooks;

/// <summary>docs/conformance/signing.json: made by other programs, kept by ours.</summary>
public sealed class SigningVectorsTests
{
    private const string File = "docs/conformance/signing.json";

    public static TheoryData<string> Signatures => Names("signatures");

    public static TheoryData<string> Accepted => Names("accepted");

    public static TheoryData<string> Refused => Names("refused");

    [Theory, MemberData(nameof(Signatures))]
    public void Sign_WithItsSecrets_GivesItsSignature(string name)
    {
        var vector = Find("signatures", name);
        var secrets = vector.GetProperty("secrets").EnumerateArray().Select(text => Secret(text.GetString()!)).ToList();
        var signer = new WebhookSigner(PumpParts.Settings(new("http://a.invalid")) with { Secrets = secrets });

        Assert.Equal(Text(vector, "signature"), signer.Sign(Text(vector, "id"), Text(vector, "timestamp"), Encoding.UTF8.GetBytes(Text(vector, "body"))));
        if (vector.TryGetProperty("publicKeys", out var keys))
        {
            Assert.Equal(keys.EnumerateArray().Select(key => key.GetString()), secrets.Select(SigningSecrets.PublicKeyOf));
        }
    }

    [Theory, MemberData(nameof(Accepted))]
    public void Verify_WhatIsToBeAccepted_Is(string name) => Assert.True(Verify(Find("accepted", name)));

    [Theory, MemberData(nameof(Refused))]
    public void Verify_WhatIsToBeRefused_Is(string name) => Assert.False(Verify(Find("refused", name)));

    // A receiver, as Standard Webhooks has it; nothing of ours.
    private static bool Verify(JsonElement delivery)
    {
        var (key, timestamp) = (Text(delivery, "key"), Text(delivery, "timestamp"));
        if (Math.Abs(delivery.GetProperty("now").GetInt64() - long.Parse(timestamp, CultureInfo.InvariantCulture)) > 300)
        {
            return false;
        }

        var content = Encoding.UTF8.GetBytes($"{Text(delivery, "id")}.{timestamp}.{Text(delivery, "body")}");
        return Text(delivery, "signature").Split(' ').Any(entry => key.StartsWith("whpk_", StringComparison.Ordinal) ? VerifiesV1a(key, content, entry) : VerifiesV1(key, content, entry));
    }

    private static bool VerifiesV1(string secret, byte[] content, string entry)
    {
        var key = secret.StartsWith("whsec_", StringComparison.Ordinal) ? Convert.FromBase64String(secret[6..]) : Encoding.UTF8.GetBytes(secret);
        return entry == "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, content));
    }

    private static bool VerifiesV1a(string publicKey, byte[] content, string entry)
    {
        var signature = new byte[Ed25519.SignatureSize];
        return entry.StartsWith("v1a,", StringComparison.Ordinal)
            && Convert.TryFromBase64String(entry[4..], signature, out var length) && length == signature.Length
            && Ed25519.Verify(signature, 0, Convert.FromBase64String(publicKey["whpk_".Length..]), 0, content, 0, content.Length);
    }

    private static WebhookSecret Secret(string text) =>
        new() { Text = text, Scheme = text.StartsWith("whsk_", StringComparison.Ordinal) ? SignatureScheme.V1a : SignatureScheme.V1 };

    private static TheoryData<string> Names(string part) => new(Read().GetProperty(part).EnumerateArray().Select(item => Text(item, "name")));

    private static JsonElement Find(string part, string name) => Read().GetProperty(part).EnumerateArray().Single(item => Text(item, "name") == name);

    private static string Text(JsonElement item, string member) => item.GetProperty(member).GetString()!;

    private static JsonElement Read() => JsonElement.Parse(System.IO.File.ReadAllText(Path.Combine(WebhookDocsTests.Root(), File)));
}

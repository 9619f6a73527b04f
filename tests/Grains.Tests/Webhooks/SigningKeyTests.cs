using System.Security.Cryptography;
using System.Text;
using Capacitor.Grains.Webhooks;
using Xunit;

namespace Capacitor.Grains.Tests.Webhooks;

public sealed class SigningKeyTests
{
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string Timestamp = "1614265330";

    private static readonly byte[] Body = """{"test": 2432232314}"""u8.ToArray();

    [Fact]
    public void Sign_TheVectorOfStandardWebhooks_GivesItsSignature() =>
        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", Read("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").Sign(Id, Timestamp, Body));

    [Theory]
    [InlineData("optional_webhook_secret")]
    [InlineData("pässwörd €")]
    [InlineData("WHSEC_not-base64")]
    public void Sign_AnyOtherSecret_UsesItsUtf8Bytes(string secret)
    {
        byte[] content = [.. Encoding.UTF8.GetBytes($"{Id}.{Timestamp}."), .. Body];
        var expected = "v1," + Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), content));
        Assert.Equal(expected, Read(secret).Sign(Id, Timestamp, Body));
    }

    [Fact]
    public void Sign_BodyLargerThanTheStack_IsSignedWhole()
    {
        var body = RandomNumberGenerator.GetBytes(300_000);
        byte[] content = [.. Encoding.UTF8.GetBytes($"{Id}.{Timestamp}."), .. body];
        Assert.Equal("v1," + Convert.ToBase64String(HMACSHA256.HashData("key"u8, content)), Read("key").Sign(Id, Timestamp, body));
    }

    [Theory]
    [InlineData("whsec_")]
    [InlineData("whsec_not base64!")]
    [InlineData("whsec_abc")]
    public void TryParse_ClaimsBase64AndIsNot_Fails(string secret) => Assert.False(SigningKey.TryParse(secret, out _));

    private static SigningKey Read(string secret)
    {
        Assert.True(SigningKey.TryParse(secret, out var key));
        return key;
    }
}

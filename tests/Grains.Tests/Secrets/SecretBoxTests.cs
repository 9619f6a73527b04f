using System.Text;
using Capacitor.Grains.Secrets;
using Microsoft.Extensions.Options;

namespace Capacitor.Grains.Tests.Secrets;

public sealed class SecretBoxTests
{
    private static readonly byte[] Secret = Encoding.UTF8.GetBytes("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    [Fact]
    public void Open_InThePlaceItWasSealedFor_GivesItBack()
    {
        var box = new SecretBox(Ring(SecretKey.Make()));
        var text = box.Seal(Secret, "webhooks/t/a/wh_1");

        Assert.Equal(Secret, box.Open(text, "webhooks/t/a/wh_1"));
        Assert.False(text.AsSpan().IndexOf(Secret) >= 0);
        Assert.NotEqual(text, box.Seal(Secret, "webhooks/t/a/wh_1"));
        Assert.Empty(box.Open(box.Seal([], "p"), "p"));
    }

    [Fact]
    public void Open_MovedToAnotherPlace_IsRefused()
    {
        var box = new SecretBox(Ring(SecretKey.Make()));
        var text = box.Seal(Secret, "webhooks/t/a/wh_1");
        Assert.Throws<SecretKeysException>(() => box.Open(text, "webhooks/t/a/wh_2"));
    }

    [Fact]
    public void Open_AnyByteChanged_IsRefused()
    {
        var box = new SecretBox(Ring(SecretKey.Make()));
        var text = box.Seal(Secret, "p");
        for (var i = 0; i < text.Length; i++)
        {
            var changed = text.ToArray();
            changed[i] ^= 1;
            Assert.Throws<SecretKeysException>(() => box.Open(changed, "p"));
        }

        for (var length = 0; length < text.Length; length++)
        {
            Assert.Throws<SecretKeysException>(() => box.Open(text.AsSpan(0, length), "p"));
        }
    }

    [Fact]
    public void Open_WithAnotherFirstKey_StillOpensAndSealsWithTheNew()
    {
        var (old, next) = (SecretKey.Make(), SecretKey.Make());
        var text = new SecretBox(Ring(old)).Seal(Secret, "p");
        var rotated = new SecretBox(Ring(next, old));

        Assert.Equal(Secret, rotated.Open(text, "p"));
        Assert.False(rotated.IsOfFirstKey(text));
        Assert.True(rotated.IsOfFirstKey(rotated.Seal(Secret, "p")));
    }

    [Fact]
    public void Open_ItsKeyIsMissing_SaysWhichAndNotWhat()
    {
        var (old, next) = (SecretKey.Make(), SecretKey.Make());
        var text = new SecretBox(Ring(old)).Seal(Secret, "p");
        var refusal = Assert.Throws<SecretKeysException>(() => new SecretBox(Ring(next)).Open(text, "p"));

        Assert.Contains(old.Id, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(old.Export(), refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("hunter2")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("*AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void TryParse_NotThirtyTwoBytesInBase64_IsNoKey(string? text) => Assert.False(SecretKey.TryParse(text, out _));

    [Fact]
    public void Keyring_NoKeyAndNowhereToKeepOne_SaysHowToMakeOne() =>
        Assert.Contains("openssl rand -base64 32", Assert.Throws<SecretKeysException>(() => Ring()).Message, StringComparison.Ordinal);

    [Fact]
    public void Keyring_WithAFile_MakesItOnceAndKeepsItAfterOthersAreConfigured()
    {
        var file = new KeyFile();
        var made = new SecretKeyring(Options.Create(new SecretOptions()), file).First;
        Assert.Equal(made.Id, new SecretKeyring(Options.Create(new SecretOptions()), file).First.Id);

        var configured = SecretKey.Make();
        var options = new SecretOptions();
        options.SecretKeys.Add(configured.Export());
        Assert.Equal([configured.Id, made.Id], new SecretKeyring(Options.Create(options), file).Ids);
    }

    internal static SecretKeyring Ring(params SecretKey[] keys)
    {
        var options = new SecretOptions();
        foreach (var key in keys)
        {
            options.SecretKeys.Add(key.Export());
        }

        return new SecretKeyring(Options.Create(options));
    }

    private sealed class KeyFile : ISecretKeyFile
    {
        private SecretKey? _key;

        public string Path => "secret-key";

        public SecretKey? Find() => _key;

        public SecretKey Make() => _key = SecretKey.Make();
    }
}

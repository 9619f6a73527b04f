using System.Text;
using Capacitor.Grains.Chargers;
using Xunit;

namespace Capacitor.Grains.Tests.Chargers;

public class ChargerPasswordTests
{
    // The example of OCPP-J 1.6: user AL1000, key 0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF as raw bytes.
    private const string RawHeader = "QUwxMDAwOgABAgMEBQYH////////////////";

    [Fact]
    public void Matches_RawBytesOfAHexKey_IsTheSamePassword()
    {
        var stored = ChargerPassword.Hash("0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF")!;
        var presented = ChargerPassword.Presented(Convert.FromBase64String(RawHeader), "AL1000")!;

        Assert.True(ChargerPassword.Matches(stored, presented));
    }

    [Theory]
    [InlineData("0001020304050607ffffffffffffffffffffffff", true)]
    [InlineData("0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF", true)]
    [InlineData("0001020304050607FFFFFFFFFFFFFFFFFFFFFFFE", false)]
    [InlineData("", false)]
    public void Matches_HexText_IsComparedWhateverItsCase(string presented, bool expected) =>
        Assert.Equal(expected, ChargerPassword.Matches(ChargerPassword.Hash("0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF")!, Encoding.UTF8.GetBytes(presented)));

    [Fact]
    public void Matches_PlainPassword_IsCaseSensitive()
    {
        var stored = ChargerPassword.Hash("Secret")!;

        Assert.True(ChargerPassword.Matches(stored, "Secret"u8));
        Assert.False(ChargerPassword.Matches(stored, "secret"u8));
    }

    [Theory]
    [InlineData("CP:1:secret:x", "CP:1", "secret:x")]
    [InlineData("cp1:secret", "CP1", "secret")]
    [InlineData("CP2:secret", "CP1", null)]
    [InlineData("CP1", "CP1", null)]
    [InlineData("CP1:", "CP1", "")]
    public void Presented_UserMayHoldColons_IsSplitAtTheKnownId(string basic, string id, string? password) =>
        Assert.Equal(password, ChargerPassword.Presented(Encoding.UTF8.GetBytes(basic), id) is { } bytes ? Encoding.UTF8.GetString(bytes) : null);
}

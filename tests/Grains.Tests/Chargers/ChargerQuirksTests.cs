using Capacitor.Grains.Chargers;
using Microsoft.Extensions.Options;

namespace Capacitor.Grains.Tests.Chargers;

public sealed class ChargerQuirksTests
{
    [Theory]
    [InlineData("Stubborn", "X1", true)]
    [InlineData("STUBBORN", null, true)]
    [InlineData("Mixed", "Old", true)]
    [InlineData("Mixed", "New", false)]
    [InlineData("Other", "Old", false)]
    [InlineData(null, null, false)]
    public void NeverRedials_VendorOrModelInTheList_IsTrue(string? vendor, string? model, bool expected)
    {
        var quirks = new ChargerQuirks(Options.Create(new ChargerOptions { AbortInsteadOfClose = { "stubborn", "mixed/old" } }));
        Assert.Equal(expected, quirks.NeverRedials(new BootData { Vendor = vendor, Model = model }));
    }

    [Fact]
    public void NeverRedials_NothingKnownOfTheCharger_IsFalse() =>
        Assert.False(new ChargerQuirks(Options.Create(new ChargerOptions { AbortInsteadOfClose = { "stubborn" } })).NeverRedials(null));
}

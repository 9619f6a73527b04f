using Capacitor.IdTags;
using Capacitor.Tenants;
using Xunit;

namespace Capacitor.Grains.Tests.IdTags;

public sealed class IdTagIdTests
{
    private static readonly TenantId Tenant = new("ten_1");

    [Theory]
    [InlineData("A", true)]
    [InlineData("04A1B2C3D4E5F6", true)]
    [InlineData("12345678901234567890", true)]
    [InlineData("a;b c#*_=:+|@.,", true)]
    [InlineData("123456789012345678901", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData(" A", false)]
    [InlineData("A/B", false)]
    [InlineData("A\\B", false)]
    [InlineData("A%2F", false)]
    [InlineData("Ä", false)]
    [InlineData("A\n", false)]
    [InlineData("..", false)]
    public void TryParse_Text_TakesWhatAReaderAndAUrlCanCarry(string? text, bool expected) => Assert.Equal(expected, IdTagId.TryParse(Tenant, text, out _));

    [Fact]
    public void GrainKey_OfTagsThatDifferInCase_IsOne()
    {
        Assert.Equal(new IdTagId(Tenant, "a b+c").GrainKey, new IdTagId(Tenant, "A B+C").GrainKey);
        Assert.NotEqual(new IdTagId(Tenant, "A").GrainKey, new IdTagId(new TenantId("ten_2"), "A").GrainKey);
        Assert.Equal(new IdTagId(Tenant, "A B+C"), IdTagId.FromGrainKey(new IdTagId(Tenant, "a b+c").GrainKey));
    }

    [Theory]
    [InlineData("t/ten_1")]
    [InlineData("a/ten_1")]
    [InlineData("c/A/B")]
    public void FromGrainKey_OfAnother_Throws(string key) => Assert.Throws<FormatException>(() => IdTagId.FromGrainKey(key));
}

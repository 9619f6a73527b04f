using Xunit;

namespace Capacitor.EndToEnd.Tests.Deploy;

/// <summary>docs/scale.md shows what its script computes from the measured numbers.</summary>
public sealed class ScalePageTests
{
    [Fact]
    public async Task Tables_OfThePage_AreThoseOfTheScript()
    {
        var (code, computed) = await Tool.RunAsync("node", ["bench/scale.mjs"]);

        Assert.Equal(0, code);
        Assert.Equal(computed.Trim(), Between(Repository.Read("docs/scale.md"), "<!-- computed -->", "<!-- end -->").Trim());
    }

    private static string Between(string text, string opening, string closing)
    {
        var start = text.IndexOf(opening, StringComparison.Ordinal) + opening.Length;
        return text[start..text.IndexOf(closing, StringComparison.Ordinal)];
    }
}

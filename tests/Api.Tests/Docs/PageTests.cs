using System.Text.RegularExpressions;
using Capacitor.Api.Docs;
using Capacitor.Events;
using Capacitor.Ocpp.V16;

namespace Capacitor.Api.Tests.Docs;

/// <summary>The pages for people leave nothing out.</summary>
public sealed class PageTests
{
    public static TheoryData<string> Routes => [.. RouteDocs.Keys];

    [Theory]
    [MemberData(nameof(Routes))]
    public void ApiPage_OfEachRoute_HasALineWithItsMethodAndPath(string route)
    {
        var (method, path) = (route.Split(' ')[0], route.Split(' ')[1]["/api/v1".Length..]);
        var shortened = path.Select((letter, index) => (letter, index)).Where(at => at.letter == '/').Select(at => "…" + path[at.index..]);
        var spelled = string.Join('|', shortened.Prepend(path).Select(Regex.Escape));

        Assert.Contains(Read("api.md").Split('\n'), line => line.Contains(method, StringComparison.Ordinal) && Regex.IsMatch(line, $"({spelled})(?![/{{a-z-])"));
    }

    [Fact]
    public void ApiPage_OfEachErrorCode_SaysWhen()
    {
        var page = Read("api.md");

        Assert.All(RouteDocs.Sections.SelectMany(section => section.Routes).SelectMany(doc => doc.Refusals), refusal => Assert.Contains($"`{refusal.Code}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public void OcppPage_OfEachMessage_SaysWhatBecomesOfIt()
    {
        var page = Read("ocpp.md");
        var parts = page.Split("## To the charger");

        Assert.All(Ocpp16Actions.FromCharger, action => Assert.Contains($"`{action}`", parts[0], StringComparison.Ordinal));
        Assert.All(Ocpp16Actions.ToCharger, action => Assert.Contains($"`{action}`", parts[1], StringComparison.Ordinal));
        Assert.All(Enumerable.Range(1, 33), quirk => Assert.Matches($@"(?m)^\| {quirk} \| .+ \| .+ \|$", page));
    }

    [Fact]
    public void WebhooksPage_OfEachEvent_SaysWhen()
    {
        var page = Read("webhooks.md");

        Assert.All(EventTypes.All, name => Assert.Matches($@"(?m)^\|.*`{Regex.Escape(name)}`.*\|$", page));
    }

    [Fact]
    public void Pages_NamingEvents_NameThoseThatThereAre()
    {
        var groups = string.Join('|', EventTypes.All.Select(name => name.Split('.')[0]).Distinct());

        foreach (var page in new[] { "api.md", "ocpp.md", "webhooks.md" })
        {
            var named = Regex.Matches(Read(page), $@"`(({groups})\.[a-z_]+)`").Select(match => match.Groups[1].Value);
            Assert.All(named, name => Assert.Contains(name, EventTypes.All.Append(EventTypes.WebhookTest)));
        }
    }

    private static string Read(string page)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Capacitor.sln")))
        {
            folder = folder.Parent!;
        }

        return File.ReadAllText(Path.Combine(folder.FullName, "docs", page));
    }
}

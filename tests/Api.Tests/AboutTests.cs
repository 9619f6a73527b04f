namespace Capacitor.Api.Tests;

[Collection(ApiServer.Collection)]
public sealed class AboutTests(ApiServer server)
{
    [Theory]
    [InlineData("*/*")]
    [InlineData("application/json")]
    [InlineData("text/html;q=0, */*")]
    public async Task Get_ByAProgram_SaysWhereToLook(string accept)
    {
        var reply = await server.Capacitor.Anonymous.SendAsync("GET", "/", null, ("Accept", accept));

        Assert.Equal(200, reply.Status);
        Assert.Equal(["name", "version", "api", "ocpp", "health", "docs", "openApi"], Reply.Names(reply.Json));
        Assert.Equal("/docs", reply.Json.GetProperty("docs").GetString());
        Assert.Equal("/openapi/v1.json", reply.Json.GetProperty("openApi").GetString());
        Assert.EndsWith("/ocpp/{chargeBoxId}", reply.Json.GetProperty("ocpp").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_ByABrowser_ShowsAPageWhoseLinksLeadSomewhere()
    {
        var reply = await server.Capacitor.Anonymous.SendAsync("GET", "/", null, ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"));

        Assert.Equal("text/html; charset=utf-8", reply.Header("Content-Type"));
        Assert.Contains($"{server.Capacitor.BaseAddress}api/v1/chargers", reply.Body, StringComparison.Ordinal);
        foreach (System.Text.RegularExpressions.Match link in System.Text.RegularExpressions.Regex.Matches(reply.Body, "href=\"([^\"]+)\""))
        {
            Assert.Equal(200, (await server.Capacitor.Anonymous.SendAsync("GET", link.Groups[1].Value)).Status);
        }
    }
}

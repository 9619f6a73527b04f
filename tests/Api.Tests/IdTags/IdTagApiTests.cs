using Capacitor.Tenants;
using Capacitor.Testing;

namespace Capacitor.Api.Tests.IdTags;

[Collection(ApiServer.Collection)]
public sealed class IdTagApiTests(ApiServer server)
{
    private const string Path = "/api/v1/id-tags";

    [Fact]
    public async Task Post_AllMembers_AnswersAndListsThemAndTellsOfIt()
    {
        var http = await NewTenantAsync();
        var user = await AddUserAsync(http);

        var made = await http.SendAsync("POST", Path, $$"""
            {"idTag":"Tag-1","parentIdTag":"FLEET","status":"Blocked","expiresAt":"2030-01-01T12:00:00+02:00","userId":"{{user}}","maxActiveTransactions":2,"note":"blue"}
            """);

        Assert.Equal(201, made.Status);
        Assert.Equal($"{Path}/Tag-1", made.Header("Location"));
        Assert.Equal(
            ["idTag", "parentIdTag", "status", "expiresAt", "userId", "maxActiveTransactions", "note", "createdAt", "updatedAt"], Reply.Names(made.Json));
        Assert.StartsWith($$"""{"idTag":"Tag-1","parentIdTag":"FLEET","status":"Blocked","expiresAt":"2030-01-01T10:00:00.000Z","userId":"{{user}}","maxActiveTransactions":2,"note":"blue",""", made.Body, StringComparison.Ordinal);
        Assert.Equal(made.Body, (await http.SendAsync("GET", $"{Path}/TAG-1")).Body);
        Assert.Equal($$$"""{"idTags":[{{{made.Body}}}],"pagination":{"total":1,"limit":50,"offset":0}}""", (await http.SendAsync("GET", Path)).Body);
        Assert.Equal(
            $$"""{"idTag":"Tag-1","status":"Blocked","expiresAt":"2030-01-01T10:00:00.000Z","userId":"{{user}}"}""",
            Assert.Single(await http.DataOfAsync("id_tag.created")).GetRawText());
    }

    [Fact]
    public async Task Post_TheSameInAnotherCase_IsAConflictUntilItIsDeleted()
    {
        var http = await NewTenantAsync();
        await AddAsync(http, "a1b2");

        (await http.SendAsync("POST", Path, """{"idTag":"A1B2"}""")).AssertError(409, "CONFLICT", "'a1b2' is already registered");
        Assert.Equal(200, (await http.SendAsync("DELETE", $"{Path}/A1b2")).Status);
        (await http.SendAsync("GET", $"{Path}/a1b2")).AssertError(404, "NOT_FOUND", "Id tag a1b2 not found");
        (await http.SendAsync("DELETE", $"{Path}/a1b2")).AssertError(404, "NOT_FOUND");
        Assert.Equal(201, (await http.SendAsync("POST", Path, """{"idTag":"A1B2"}""")).Status);
        Assert.Equal(["id_tag.created", "id_tag.deleted", "id_tag.created"], await http.NamesOfAsync("id_tag.*"));
    }

    [Fact]
    public async Task Patch_OneMember_LeavesTheRestAndTellsOnceOfIt()
    {
        var http = await NewTenantAsync();
        await AddAsync(http, "A", ""","note":"blue","maxActiveTransactions":3""");

        var changed = await http.SendAsync("PATCH", $"{Path}/a", """{"note":null,"parentIdTag":"FLEET"}""");
        await http.SendAsync("PATCH", $"{Path}/A", """{"parentIdTag":"FLEET"}""");

        Assert.Equal(200, changed.Status);
        Assert.StartsWith("""{"idTag":"A","parentIdTag":"FLEET","status":"Accepted","expiresAt":null,"userId":null,"maxActiveTransactions":3,"note":null,""", changed.Body, StringComparison.Ordinal);
        Assert.Equal(["id_tag.created", "id_tag.updated"], await http.NamesOfAsync("id_tag.*"));
    }

    [Fact]
    public async Task Assign_ThenRevoke_TellsWhoseItWasAndWhy()
    {
        var http = await NewTenantAsync();
        var user = await AddUserAsync(http);
        await AddAsync(http, "A");

        Assert.Equal(user, (await http.SendAsync("POST", $"{Path}/A/assign", $$"""{"userId":"{{user}}"}""")).Json.GetProperty("userId").GetString());
        var revoked = await http.SendAsync("POST", $"{Path}/A/revoke", """{"reason":"lost"}""");
        await http.SendAsync("POST", $"{Path}/A/revoke");

        Assert.StartsWith("""{"idTag":"A","parentIdTag":null,"status":"Blocked","expiresAt":null,"userId":null,""", revoked.Body, StringComparison.Ordinal);
        Assert.Equal(["id_tag.created", "id_tag.assigned", "id_tag.revoked"], await http.NamesOfAsync("id_tag.*"));
        Assert.Equal($$"""{"idTag":"A","status":"Accepted","expiresAt":null,"userId":"{{user}}"}""", (await http.DataOfAsync("id_tag.assigned"))[0].GetRawText());
        Assert.Equal($$"""{"idTag":"A","status":"Blocked","expiresAt":null,"userId":"{{user}}","reason":"lost"}""", (await http.DataOfAsync("id_tag.revoked"))[0].GetRawText());
    }

    [Fact]
    public async Task BlockAndUnblock_TellOfIt()
    {
        var http = await NewTenantAsync();
        await AddAsync(http, "A");

        Assert.Equal("Blocked", (await http.SendAsync("POST", $"{Path}/A/block")).Json.GetProperty("status").GetString());
        Assert.Equal("Accepted", (await http.SendAsync("POST", $"{Path}/A/unblock")).Json.GetProperty("status").GetString());

        Assert.Equal(["id_tag.created", "id_tag.revoked", "id_tag.updated"], await http.NamesOfAsync("id_tag.*"));
        Assert.Equal("blocked", (await http.DataOfAsync("id_tag.revoked"))[0].GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Get_ByStatusAndUser_ListsThose()
    {
        var http = await NewTenantAsync();
        var user = await AddUserAsync(http);
        await AddAsync(http, "A", $$""","userId":"{{user}}" """);
        await AddAsync(http, "B", ""","status":"Blocked" """);
        await AddAsync(http, "C");

        Assert.Equal(["A"], await ListAsync(http, $"?userId={user}"));
        Assert.Equal(["B"], await ListAsync(http, "?status=Blocked"));
        Assert.Equal(["C", "A"], await ListAsync(http, "?status=Accepted"));
        Assert.Equal(["B"], await ListAsync(http, "?limit=1&offset=1"));
        Assert.Empty(await ListAsync(await NewTenantAsync(), ""));
        (await http.SendAsync("GET", $"{Path}?status=Lost")).AssertError(400, "VALIDATION_ERROR", "Accepted, Blocked");
    }

    [Theory]
    [InlineData("""{}""", "'idTag' is required")]
    [InlineData("""{"idTag":""}""", "The idTag must have 1 to 20 printable ASCII characters")]
    [InlineData("""{"idTag":"123456789012345678901"}""", "1 to 20")]
    [InlineData("""{"idTag":"a/b"}""", "other than /")]
    [InlineData("""{"idTag":" A"}""", "no spaces at the ends")]
    [InlineData("""{"idTag":"Ä"}""", "printable ASCII")]
    [InlineData("""{"idTag":"A","status":"Expired"}""", "'status' must be one of Accepted, Blocked")]
    [InlineData("""{"idTag":"A","expiresAt":"tomorrow"}""", "'expiresAt'")]
    [InlineData("""{"idTag":"A","parentIdTag":"a"}""", "the tag itself")]
    [InlineData("""{"idTag":"A","parentIdTag":""}""", "The parentIdTag must have 1 to 20")]
    [InlineData("""{"idTag":"A","userId":"usr_nobody"}""", "names no user")]
    [InlineData("""{"idTag":"A","maxActiveTransactions":0}""", "1 to 100")]
    [InlineData("""{"idTag":"A","maxActiveTransactions":101}""", "1 to 100")]
    [InlineData("""{"idTag":"A","note":""}""", "The note has 0 characters")]
    public async Task Post_WhatCannotBe_IsRefusedInWords(string body, string message) =>
        (await server.Http.SendAsync("POST", Path, body)).AssertError(400, "VALIDATION_ERROR", message);

    [Fact]
    public async Task Post_MoreThanTheFreeTierAllows_IsRefused()
    {
        var http = await NewTenantAsync(Tier.Free);
        for (var i = 0; i < 10; i++)
        {
            await AddAsync(http, $"TAG{i}");
        }

        (await http.SendAsync("POST", Path, """{"idTag":"TAG10"}""")).AssertError(429, "RATE_LIMIT_ERROR", "The Free tier allows 10 id tags");
        (await http.SendAsync("POST", Path, """{"idTag":"tag9"}""")).AssertError(409, "CONFLICT");
        await http.SendAsync("DELETE", $"{Path}/TAG0");
        Assert.Equal(201, (await http.SendAsync("POST", Path, """{"idTag":"TAG10"}""")).Status);
    }

    [Fact]
    public async Task AnyPath_OfAnothersTag_IsNotFound()
    {
        await AddAsync(await NewTenantAsync(), "MINE");
        var http = await NewTenantAsync();

        (await http.SendAsync("GET", $"{Path}/MINE")).AssertError(404, "NOT_FOUND");
        (await http.SendAsync("PATCH", $"{Path}/MINE", "nonsense")).AssertError(404, "NOT_FOUND");
        (await http.SendAsync("POST", $"{Path}/MINE/block")).AssertError(404, "NOT_FOUND");
    }

    private async Task<HttpClient> NewTenantAsync(Tier tier = Tier.Scale) => (await server.Capacitor.AddTenantAsync(tier)).Http;

    private static async Task<List<string>> ListAsync(HttpClient http, string query) =>
        [.. (await http.SendAsync("GET", Path + query)).Json.GetProperty("idTags").EnumerateArray().Select(tag => tag.GetProperty("idTag").GetString()!)];

    private static async Task<string> AddUserAsync(HttpClient http) =>
        (await http.SendAsync("POST", "/api/v1/users", """{"name":"Ada"}""")).Json.GetProperty("id").GetString()!;

    private static async Task AddAsync(HttpClient http, string tag, string more = "")
    {
        var reply = await http.SendAsync("POST", Path, $$"""{"idTag":"{{tag}}"{{more}}}""");
        Assert.True(reply.Status == 201, reply.Body);
    }
}

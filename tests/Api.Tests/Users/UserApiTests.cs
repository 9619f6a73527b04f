using Capacitor.Tenants;

namespace Capacitor.Api.Tests.Users;

[Collection(ApiServer.Collection)]
public sealed class UserApiTests(ApiServer server)
{
    private const string Path = "/api/v1/users";

    [Fact]
    public async Task AUser_FromPostToDelete_IsReadListedAndToldOf()
    {
        var http = await NewTenantAsync();

        var made = await http.SendAsync("POST", Path, """{"externalId":"crm-7","name":"Ada","email":"ada@example.com"}""");
        var id = made.Json.GetProperty("id").GetString()!;

        Assert.Equal(201, made.Status);
        Assert.Equal($"{Path}/{id}", made.Header("Location"));
        Assert.Matches("^usr_[0-9a-z]{26}$", id);
        Assert.Equal(["id", "externalId", "name", "email", "status", "createdAt", "updatedAt"], Reply.Names(made.Json));
        Assert.Equal(made.Body, (await http.SendAsync("GET", $"{Path}/{id}")).Body);
        Assert.Equal($$$"""{"users":[{{{made.Body}}}],"pagination":{"total":1,"limit":50,"offset":0}}""", (await http.SendAsync("GET", $"{Path}?externalId=crm-7&status=active")).Body);

        var changed = await http.SendAsync("PATCH", $"{Path}/{id}", """{"email":null,"status":"suspended"}""");
        await http.SendAsync("PATCH", $"{Path}/{id}", """{"name":"Ada"}""");
        Assert.StartsWith($$"""{"id":"{{id}}","externalId":"crm-7","name":"Ada","email":null,"status":"suspended",""", changed.Body, StringComparison.Ordinal);
        Assert.Equal(0, (await http.SendAsync("GET", $"{Path}?status=active")).Json.GetProperty("pagination").GetProperty("total").GetInt32());

        Assert.Equal("""{"message":"User deleted successfully"}""", (await http.SendAsync("DELETE", $"{Path}/{id}")).Body);
        (await http.SendAsync("GET", $"{Path}/{id}")).AssertError(404, "NOT_FOUND", $"User {id} not found");
        (await http.SendAsync("PATCH", $"{Path}/{id}", "{}")).AssertError(404, "NOT_FOUND");
        (await http.SendAsync("DELETE", $"{Path}/{id}")).AssertError(404, "NOT_FOUND");

        Assert.Equal(["user.created", "user.updated", "user.deleted"], await http.NamesOfAsync("user.*"));
        Assert.Equal(
            [
                $$"""{"userId":"{{id}}","externalId":"crm-7","name":"Ada","email":"ada@example.com","status":"active"}""",
                $$"""{"userId":"{{id}}","externalId":"crm-7","name":"Ada","email":null,"status":"suspended","changedFields":["email","status"]}""",
                $$"""{"userId":"{{id}}","externalId":"crm-7","name":"Ada","email":null,"status":"suspended"}""",
            ],
            (await http.DataOfAsync("user.*")).Select(data => data.GetRawText()));
    }

    [Fact]
    public async Task Delete_AUserWithTags_IsRefusedUntilTheyAreRevoked()
    {
        var http = await NewTenantAsync();
        var id = (await http.SendAsync("POST", Path, """{"name":"Ada"}""")).Json.GetProperty("id").GetString()!;
        await http.SendAsync("POST", "/api/v1/id-tags", $$"""{"idTag":"A","userId":"{{id}}"}""");

        (await http.SendAsync("DELETE", $"{Path}/{id}")).AssertError(409, "CONFLICT", "1 id tag is assigned to this user");
        await http.SendAsync("POST", "/api/v1/id-tags/A/revoke");
        Assert.Equal(200, (await http.SendAsync("DELETE", $"{Path}/{id}")).Status);
    }

    [Theory]
    [InlineData("""{}""", "'name' is required")]
    [InlineData("""{"name":""}""", "'name' must have 1 to 255 characters")]
    [InlineData("""{"name":"A","email":"nobody"}""", "'email' must be an address")]
    [InlineData("""{"name":"A","status":"gone"}""", "'status' must be one of active, suspended")]
    [InlineData("""{"name":"A","externalId":7}""", "'externalId' must be a string")]
    public async Task Post_WhatCannotBe_IsRefusedInWords(string body, string message) =>
        (await server.Http.SendAsync("POST", Path, body)).AssertError(400, "VALIDATION_ERROR", message);

    [Fact]
    public async Task AnyPath_OfAnothersUser_IsNotFound()
    {
        var id = (await (await NewTenantAsync()).SendAsync("POST", Path, """{"name":"Ada"}""")).Json.GetProperty("id").GetString()!;
        var http = await NewTenantAsync();

        (await http.SendAsync("GET", $"{Path}/{id}")).AssertError(404, "NOT_FOUND");
        (await http.SendAsync("PATCH", $"{Path}/{id}", """{"name":"Eve"}""")).AssertError(404, "NOT_FOUND");
        (await http.SendAsync("DELETE", $"{Path}/{id}")).AssertError(404, "NOT_FOUND");
    }

    private async Task<HttpClient> NewTenantAsync() => (await server.Capacitor.AddTenantAsync(Tier.Free)).Http;
}

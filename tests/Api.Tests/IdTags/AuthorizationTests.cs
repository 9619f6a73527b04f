using System.Text.Json;
using Capacitor.Api.IdTags;
using Capacitor.Tenants;
using Capacitor.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Capacitor.Api.Tests.IdTags;

/// <summary>What chargers are told of tags, over a real socket.</summary>
[Collection(ApiServer.Collection)]
public sealed class AuthorizationTests(ApiServer server)
{
    private const string Path = "/api/v1/id-tags";

    [Fact]
    public async Task Authorize_NoTagsRegistered_AcceptsAnyAndTellsOfIt()
    {
        var (tenant, id, charger) = await LiveAsync();
        await using var _ = charger;

        Assert.Equal("""{"status":"Accepted"}""", await AuthorizeAsync(charger, "ANY"));
        Assert.Equal("""{"status":"Invalid"}""", await AuthorizeAsync(charger, ""));

        Assert.Equal(["authorization.accepted", "authorization.rejected"], await tenant.Http.NamesOfAsync("authorization.*"));
        Assert.Equal([$$"""{"chargeBoxId":"{{id}}","idTag":"ANY","status":"Accepted"}""", $$"""{"chargeBoxId":"{{id}}","idTag":"","status":"Invalid"}"""],
            (await tenant.Http.DataOfAsync("authorization.*")).Select(data => data.GetRawText()));
    }

    [Fact]
    public async Task Authorize_UnknownTag_FollowsTheTenantsSettingAtOnce()
    {
        var (tenant, _, charger) = await LiveAsync();
        await using var __ = charger;
        Assert.Equal("""{"status":"Accepted"}""", await AuthorizeAsync(charger, "ANY"));

        await SetUnknownAsync(tenant, "reject");
        Assert.Equal("""{"status":"Invalid"}""", await AuthorizeAsync(charger, "ANY"));
        await AddAsync(tenant, "KNOWN");
        Assert.Equal("""{"status":"Accepted"}""", await AuthorizeAsync(charger, "known"));
        Assert.Equal("""{"status":"Invalid"}""", await AuthorizeAsync(charger, "ANY"));
        await tenant.Http.SendAsync("PATCH", "/api/v1/tenant", """{"unknownIdTagPolicy":"accept"}""");
        Assert.Equal("""{"status":"Accepted"}""", await AuthorizeAsync(charger, "ANY"));
        Assert.Equal("accept", (await tenant.Http.SendAsync("GET", "/api/v1/tenant")).Json.GetProperty("unknownIdTagPolicy").GetString());
        (await tenant.Http.SendAsync("PATCH", "/api/v1/tenant", """{"unknownIdTagPolicy":"perhaps"}""")).AssertError(400, "VALIDATION_ERROR", "accept, reject");
    }

    [Fact]
    public async Task Authorize_WhileATagIsBlockedUnblockedAndDeleted_ObeysAtOnceInAnyCase()
    {
        var (tenant, _, charger) = await LiveAsync();
        await using var __ = charger;
        await AddAsync(tenant, "Tag-1", """ ,"expiresAt":"2099-01-01T00:00:00Z","parentIdTag":"FLEET" """);
        const string More = "\"expiryDate\":\"2099-01-01T00:00:00.000Z\",\"parentIdTag\":\"FLEET\"";

        Assert.Equal(Info("Accepted", More), await AuthorizeAsync(charger, "TAG-1"));
        await tenant.Http.SendAsync("POST", $"{Path}/tag-1/block");
        Assert.Equal(Info("Blocked", More), await AuthorizeAsync(charger, "tag-1"));
        await tenant.Http.SendAsync("POST", $"{Path}/TAG-1/unblock");
        Assert.Equal(Info("Accepted", More), await AuthorizeAsync(charger, "Tag-1"));
        await tenant.Http.SendAsync("POST", $"{Path}/Tag-1/revoke");
        Assert.Equal(Info("Blocked", More), await AuthorizeAsync(charger, "Tag-1"));
        await tenant.Http.SendAsync("DELETE", $"{Path}/tag-1");
        Assert.Equal("""{"status":"Accepted"}""", await AuthorizeAsync(charger, "Tag-1"));
    }

    [Fact]
    public async Task Authorize_FirstTagOfATenantMadeBlocked_IsBlockedAtOnce()
    {
        var (tenant, _, charger) = await LiveAsync();
        await using var __ = charger;
        Assert.Equal("""{"status":"Accepted"}""", await AuthorizeAsync(charger, "LOST"));

        await AddAsync(tenant, "LOST", """ ,"status":"Blocked" """);

        Assert.Equal("""{"status":"Blocked"}""", await AuthorizeAsync(charger, "LOST"));
    }

    [Fact]
    public async Task Authorize_OfAGroup_FollowsTheGroupWhenItIsRegistered()
    {
        var (tenant, _, charger) = await LiveAsync();
        await using var __ = charger;
        await AddAsync(tenant, "CHILD", """ ,"parentIdTag":"fleet" """);
        Assert.StartsWith("""{"status":"Accepted",""", Status(await AuthorizeAsync(charger, "CHILD")), StringComparison.Ordinal);

        await AddAsync(tenant, "FLEET", """ ,"status":"Blocked" """);
        Assert.StartsWith("""{"status":"Blocked",""", Status(await AuthorizeAsync(charger, "CHILD")), StringComparison.Ordinal);
        await tenant.Http.SendAsync("PATCH", $"{Path}/FLEET", """{"status":"Accepted","expiresAt":"2001-01-01T00:00:00Z"}""");
        Assert.StartsWith("""{"status":"Expired",""", Status(await AuthorizeAsync(charger, "CHILD")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartTransaction_BlockedTag_BeginsAndIsRejectedOnceHoweverOftenItIsSent()
    {
        var (tenant, id, charger) = await LiveAsync();
        await using var _ = charger;
        await AddAsync(tenant, "LOST", """ ,"status":"Blocked" """);

        var first = await StartAsync(charger, "LOST", 1);
        var again = await StartAsync(charger, "LOST", 1);

        Assert.Equal("Blocked", first.Status);
        Assert.True(first.TransactionId > 0);
        Assert.Equal(first, again);
        Assert.Equal(["transaction.started", "authorization.rejected"], await tenant.Http.NamesOfAsync("transaction.*,authorization.*"));
        Assert.Equal($$"""{"chargeBoxId":"{{id}}","connectorId":1,"idTag":"LOST","status":"Blocked"}""", (await tenant.Http.DataOfAsync("authorization.rejected"))[0].GetRawText());
        var stopped = await charger.CallAsync("StopTransaction", $$"""{"transactionId":{{first.TransactionId}},"idTag":"LOST","meterStop":9,"timestamp":"2026-02-06T15:00:00Z"}""");
        Assert.Equal("""{"status":"Blocked"}""", Status(stopped.Payload.GetProperty("idTagInfo").GetRawText()));
    }

    [Fact]
    public async Task StartTransaction_AcceptedTag_IsToldOfByItsStartAlone()
    {
        var (tenant, _, charger) = await LiveAsync();
        await using var __ = charger;
        await AddAsync(tenant, "GOOD");

        Assert.Equal("Accepted", (await StartAsync(charger, "GOOD", 1)).Status);

        Assert.Equal(["transaction.started"], await tenant.Http.NamesOfAsync("transaction.*,authorization.*"));
    }

    [Fact]
    public async Task StartTransaction_OfATagThatHasAsManyAsItMay_IsConcurrentAndNotForItself()
    {
        var (tenant, _, charger) = await LiveAsync();
        await using var __ = charger;
        await AddAsync(tenant, "ONE", """ ,"maxActiveTransactions":1 """);

        var first = await StartAsync(charger, "one", 1);
        var repeated = await StartAsync(charger, "one", 1);
        var second = await StartAsync(charger, "ONE", 2);
        var secondAgain = await StartAsync(charger, "ONE", 2);

        Assert.Equal("Accepted", first.Status);
        Assert.Equal(first, repeated);
        Assert.Equal("ConcurrentTx", second.Status);
        Assert.Equal(second, secondAgain);
        Assert.Equal("""{"status":"Accepted"}""", await AuthorizeAsync(charger, "ONE")); // ConcurrentTx is for StartTransaction only
        await charger.CallAsync("StopTransaction", $$"""{"transactionId":{{second.TransactionId}},"meterStop":9,"timestamp":"2026-02-06T15:00:00Z"}""");
        Assert.Equal("Accepted", (await StartAsync(charger, "ONE", 1, meter: 7)).Status); // it takes the place of the first
        await charger.CallAsync("StopTransaction", """{"transactionId":-1,"idTag":"ONE","meterStop":9,"timestamp":"2026-02-06T16:00:00Z"}""");
        Assert.Equal("Accepted", (await StartAsync(charger, "ONE", 2, meter: 8)).Status);
        Assert.Equal(["ConcurrentTx"], (await tenant.Http.DataOfAsync("authorization.rejected")).Select(data => data.GetProperty("status").GetString()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task StartTransaction_AtManyChargersAtOnce_LetsInNoMoreThanMay(int most)
    {
        const int Chargers = 8;
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Scale);
        await AddAsync(tenant, "SHARED", $$""" ,"maxActiveTransactions":{{most}} """);
        var chargers = new List<FakeCharger>();
        for (var i = 0; i < Chargers; i++)
        {
            chargers.Add(await server.ConnectAsync(await server.AddChargerAsync(tenant.Http)));
        }

        var started = await Task.WhenAll(chargers.Select(charger => StartAsync(charger, "SHARED", 1)));

        Assert.Equal(most, started.Count(start => start.Status == "Accepted"));
        Assert.Equal(Chargers - most, started.Count(start => start.Status == "ConcurrentTx"));
        Assert.Equal(Chargers, started.Select(start => start.TransactionId).Distinct().Count());
        foreach (var charger in chargers)
        {
            await charger.DisposeAsync();
        }
    }

    [Fact]
    public async Task LocalList_OfATenant_IsWhatAuthorizeWouldAnswer()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Scale);
        await AddAsync(tenant, "A", """ ,"parentIdTag":"fleet","expiresAt":"2099-01-01T00:00:00Z" """);
        await AddAsync(tenant, "B", """ ,"expiresAt":"2001-01-01T00:00:00Z" """);
        await AddAsync(tenant, "FLEET", """ ,"status":"Blocked" """);
        await AddAsync(tenant, "g");

        var list = await server.Capacitor.Services.GetRequiredService<LocalListBuilder>().BuildAsync(tenant.Id);

        Assert.Equal(
            [("A", "Blocked", 2099, "fleet"), ("B", "Expired", 2001, null), ("FLEET", "Blocked", null, null), ("g", "Accepted", null, null)],
            list.Select(entry => (entry.IdTag, entry.IdTagInfo.Status, entry.IdTagInfo.ExpiryDate?.Year, entry.IdTagInfo.ParentIdTag)));
    }

    private async Task<(TestTenant Tenant, string ChargeBoxId, FakeCharger Charger)> LiveAsync()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Scale);
        var id = await server.AddChargerAsync(tenant.Http);
        return (tenant, id, await server.ConnectAsync(id));
    }

    private async Task SetUnknownAsync(TestTenant tenant, string policy)
    {
        var reply = await server.Capacitor.Admin.SendAsync("PATCH", $"/api/v1/admin/tenants/{tenant.Id}", $$"""{"unknownIdTagPolicy":"{{policy}}"}""");
        Assert.Equal(policy, reply.Json.GetProperty("unknownIdTagPolicy").GetString());
    }

    private static async Task<string> AuthorizeAsync(FakeCharger charger, string tag)
    {
        var answer = await charger.CallAsync("Authorize", $$"""{"idTag":"{{tag}}"}""");
        Assert.False(answer.IsError);
        return Status(answer.Payload.GetProperty("idTagInfo").GetRawText());
    }

    private static async Task<(int TransactionId, string Status)> StartAsync(FakeCharger charger, string tag, int connector, int meter = 0)
    {
        var answer = await charger.CallAsync(
            "StartTransaction", $$"""{"connectorId":{{connector}},"idTag":"{{tag}}","meterStart":{{meter}},"timestamp":"2026-02-06T14:30:00Z"}""");
        return (answer.Payload.GetProperty("transactionId").GetInt32(), answer.Payload.GetProperty("idTagInfo").GetProperty("status").GetString()!);
    }

    private static string Info(string status, string more) => $"{{\"status\":\"{status}\",{more}}}";

    /// <summary>The members of an idTagInfo, the status first.</summary>
    private static string Status(string idTagInfo)
    {
        var info = JsonElement.Parse(idTagInfo);
        var members = info.EnumerateObject().OrderBy(member => member.Name == "status" ? "" : member.Name, StringComparer.Ordinal);
        return "{" + string.Join(',', members.Select(member => $"\"{member.Name}\":{member.Value.GetRawText()}")) + "}";
    }

    private static async Task AddAsync(TestTenant tenant, string tag, string more = "")
    {
        var reply = await tenant.Http.SendAsync("POST", Path, $$"""{"idTag":"{{tag}}"{{more}}}""");
        Assert.True(reply.Status == 201, reply.Body);
    }
}

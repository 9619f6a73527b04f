using Capacitor.Tenants;

namespace Capacitor.Api.Tests.Chargers;

[Collection(ApiServer.Collection)]
public sealed class ChargerApiTests(ApiServer server)
{
    private const string Path = "/api/v1/chargers";

    [Fact]
    public async Task Post_ACharger_AnswersItWithWhatItsInstallerNeeds()
    {
        var id = ApiServer.NewChargeBoxId();

        var reply = await server.Http.SendAsync("POST", Path, $$"""{"chargeBoxId":"{{id}}","name":"Depot 1","location":"North & South","password":"s3cret"}""");

        Assert.Equal(201, reply.Status);
        Assert.Equal($"{Path}/{id}", reply.Header("Location"));
        var url = server.Capacitor.OcppAddress(id);
        Assert.Matches(
            $$"""^\{"id":"chg_[^"]+","chargeBoxId":"{{id}}","name":"Depot 1","location":"North & South","status":"offline","isOnline":false,"registeredAt":"[^"]+\.\d{3}Z",""",
            reply.Body);
        Assert.EndsWith(",\"protocol\":\"ocpp1.6\"}}", reply.Body, StringComparison.Ordinal);
        Assert.Contains($$""","connectionUrl":"{{url}}","instructions":{"message":""", reply.Body, StringComparison.Ordinal);
        Assert.Equal($"{url}", reply.Json.GetProperty("instructions").GetProperty("url").GetString());
    }

    [Fact]
    public async Task Post_OddButAllowedId_IsEscapedInUrls()
    {
        var id = $"a b:c=d+e|f@g.{ApiServer.NewChargeBoxId()}";

        var reply = await server.Http.SendAsync("POST", Path, $$"""{"chargeBoxId":"{{id}}"}""");

        Assert.EndsWith("/ocpp/" + Uri.EscapeDataString(id), reply.Json.GetProperty("connectionUrl").GetString(), StringComparison.Ordinal);
        Assert.Equal(id, (await server.Http.SendAsync("GET", $"{Path}/{Uri.EscapeDataString(id)}")).Json.GetProperty("chargeBoxId").GetString());
    }

    [Fact]
    public async Task Post_BehindAProxyWithHost_UsesTheHostThatWasAsked()
    {
        var id = ApiServer.NewChargeBoxId();
        using var body = new StringContent($$"""{"chargeBoxId":"{{id}}"}""", null, "application/json");

        var reply = await server.Http.SendAsync("POST", Path, body, ("Host", "cpo.example:8443"));

        Assert.Equal($"ws://cpo.example:8443/ocpp/{id}", reply.Json.GetProperty("connectionUrl").GetString());
    }

    [Theory]
    [InlineData("{}", "'chargeBoxId' is required: a string.")]
    [InlineData("""{"chargeBoxId":7}""", "'chargeBoxId' must be a string, not 7.")]
    [InlineData("""{"chargeBoxId":""}""", "1 to 48 characters")]
    [InlineData("""{"chargeBoxId":"a/b"}""", "1 to 48 characters")]
    [InlineData("""{"chargeBoxId":" a"}""", "1 to 48 characters")]
    [InlineData("""{"chargeBoxId":"1234567890123456789012345678901234567890123456789"}""", "1 to 48 characters")]
    [InlineData("""{"chargeBoxId":"A","name":1}""", "'name' must be a string, not 1.")]
    [InlineData("""{"chargeBoxId":"A","name":""}""", "'name' must have 1 to 255 characters.")]
    [InlineData("""{"chargeBoxId":"A","location":[]}""", "'location' must be a string, not an array.")]
    [InlineData("""{"chargeBoxId":"A","password":""}""", "'password' must have 1 to 64 characters.")]
    [InlineData("""{"chargeBoxId":"A","assumeProtocol":"ocpp2.0.1"}""", "'assumeProtocol' must be ocpp1.6 or null.")]
    public async Task Post_WhatIsNotAllowed_IsRefusedInWords(string body, string message) =>
        (await server.Http.SendAsync("POST", Path, body)).AssertError(400, "VALIDATION_ERROR", message);

    [Fact]
    public async Task Post_TakenId_IsAConflictThatNamesNobody()
    {
        var id = await server.AddChargerAsync();
        var other = await server.Capacitor.AddTenantAsync(Tier.Scale);

        var reply = await other.Http.SendAsync("POST", Path, $$"""{"chargeBoxId":"{{id.ToLowerInvariant()}}"}""");

        reply.AssertError(409, "CONFLICT");
        Assert.DoesNotContain("default", reply.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_BeyondTheTiersLimit_IsRefused()
    {
        var free = await server.Capacitor.AddTenantAsync(Tier.Free);
        await server.AddChargerAsync(free.Http);

        (await free.Http.SendAsync("POST", Path, $$"""{"chargeBoxId":"{{ApiServer.NewChargeBoxId()}}"}""")).AssertError(429, "RATE_LIMIT_ERROR", "1 charger");
    }

    [Fact]
    public async Task Get_One_AnswersAllThatIsKnown()
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectAsync(id);
        await charger.CallAsync("BootNotification", """{"chargePointVendor":"V","chargePointModel":"M","chargePointSerialNumber":"S","firmwareVersion":"F"}""");
        await charger.CallAsync("StatusNotification", """{"connectorId":1,"errorCode":"NoError","status":"Preparing"}""");

        var reply = await server.Http.SendAsync("GET", $"{Path}/{id.ToLowerInvariant()}");

        Assert.Equal(200, reply.Status);
        Assert.Equal(
            [
                "id", "chargeBoxId", "name", "location", "status", "isOnline", "vendor", "model", "serialNumber", "firmwareVersion", "lastHeartbeat",
                "registeredAt", "connectors", "connectionUrl",
            ],
            Reply.Names(reply.Json));
        Assert.Contains(
            $$""","chargeBoxId":"{{id}}","name":null,"location":null,"status":"online","isOnline":true,"vendor":"V","model":"M","serialNumber":"S","firmwareVersion":"F",""",
            reply.Body, StringComparison.Ordinal);
        Assert.Matches("""\[\{"connectorId":1,"status":"Preparing","errorCode":"NoError","lastUpdated":"[^"]+Z"\}\]""", reply.Body);
    }

    [Fact]
    public async Task Get_AllOfATenant_PagesAndFilters()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Growth);
        var first = await server.AddChargerAsync(tenant.Http);
        var second = await server.AddChargerAsync(tenant.Http);
        await using var charger = await server.ConnectAsync(second);
        await charger.CallAsync("Heartbeat");

        var all = await tenant.Http.SendAsync("GET", Path);
        Assert.Equal(["id", "chargeBoxId", "name", "status", "isOnline", "vendor", "model", "lastHeartbeat"], Reply.Names(all.Json.GetProperty("chargers")[0]));
        Assert.EndsWith("""],"pagination":{"total":2,"limit":50,"offset":0}}""", all.Body, StringComparison.Ordinal);
        Assert.Equal([second, first], await IdsAsync(tenant.Http, ""));
        Assert.Equal([first], await IdsAsync(tenant.Http, "?limit=1&offset=1"));
        Assert.Equal([second], await IdsAsync(tenant.Http, "?status=online"));
        Assert.Equal([first], await IdsAsync(tenant.Http, "?status=offline"));
        Assert.Equal([], await IdsAsync(tenant.Http, "?offset=2"));
    }

    [Theory]
    [InlineData("limit=0", "'limit' must be a whole number from 1 to 200")]
    [InlineData("limit=201", "'limit' must be a whole number from 1 to 200")]
    [InlineData("limit=x", "'limit'")]
    [InlineData("offset=-1", "'offset' must be a whole number from 0")]
    [InlineData("status=broken", "'status' must be one of online, offline")]
    [InlineData("limit=1&limit=2", "once")]
    public async Task Get_WrongQuery_IsRefusedInWords(string query, string message) =>
        (await server.Http.SendAsync("GET", $"{Path}?{query}")).AssertError(400, "VALIDATION_ERROR", message);

    [Fact]
    public async Task Patch_NameAndLocation_ChangesAndClears()
    {
        var id = await server.AddChargerAsync();

        var named = await server.Http.SendAsync("PATCH", $"{Path}/{id}", """{"name":"A","location":"B","assumeProtocol":"ocpp1.6","password":"new"}""");
        var cleared = await server.Http.SendAsync("PATCH", $"{Path}/{id}", """{"location":null,"assumeProtocol":null}""");

        Assert.Equal(200, named.Status);
        Assert.Contains("\"name\":\"A\",\"location\":\"B\"", named.Body, StringComparison.Ordinal);
        Assert.Contains("\"assumeProtocol\":\"ocpp1.6\"", named.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("assword", named.Body, StringComparison.Ordinal);
        Assert.Contains("\"name\":\"A\",\"location\":null", cleared.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("assumeProtocol", cleared.Body, StringComparison.Ordinal);
        Assert.Equal(cleared.Body, (await server.Http.SendAsync("GET", $"{Path}/{id}")).Body);
    }

    [Fact]
    public async Task Delete_ACharger_ClosesItsSocketAndForgetsIt()
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectAsync(id);

        var reply = await server.Http.SendAsync("DELETE", $"{Path}/{id}");

        Assert.Equal("""{"message":"Charger deleted successfully"}""", reply.Body);
        await charger.WaitForCloseAsync();
        (await server.Http.SendAsync("GET", $"{Path}/{id}")).AssertError(404, "NOT_FOUND", $"Charger {id} not found");
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("PATCH", "")]
    [InlineData("DELETE", "")]
    [InlineData("POST", "/reset")]
    [InlineData("POST", "/remote-start")]
    public async Task UnknownOrAnotherTenantsCharger_IsNotFoundBeforeItsBodyIsRead(string method, string path)
    {
        var id = await server.AddChargerAsync();
        var other = await server.Capacitor.AddTenantAsync(Tier.Scale);
        var body = method is "POST" or "PATCH" ? "not JSON" : null;

        (await other.Http.SendAsync(method, $"{Path}/{id}{path}", body)).AssertError(404, "NOT_FOUND", $"Charger {id} not found");
        (await server.Http.SendAsync(method, $"{Path}/NO-SUCH{path}", body)).AssertError(404, "NOT_FOUND", "Charger NO-SUCH not found");
        (await server.Http.SendAsync(method, $"{Path}/no%23such{path}", body)).AssertError(404, "NOT_FOUND");
        Assert.Equal(200, (await server.Http.SendAsync("GET", $"{Path}/{id}")).Status);
    }

    private static async Task<IEnumerable<string?>> IdsAsync(HttpClient http, string query) =>
        (await http.SendAsync("GET", Path + query)).Json.GetProperty("chargers").EnumerateArray().Select(charger => charger.GetProperty("chargeBoxId").GetString());
}

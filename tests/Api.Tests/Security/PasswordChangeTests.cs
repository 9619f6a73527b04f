using Capacitor.Testing;

namespace Capacitor.Api.Tests.Security;

/// <summary>A password that the charger is given by ChangeConfiguration (OCPP-J 1.6 §6.2.2).</summary>
[Collection(ApiServer.Collection)]
public sealed class PasswordChangeTests(ApiServer server)
{
    private const string Before = "the-old-password";
    private const string After = "0123456789abcdef0123456789abcdef01234567";

    [Theory]
    [InlineData("Accepted", After, Before)]
    [InlineData("Rejected", Before, After)]
    [InlineData("NotSupported", Before, After)]
    public async Task Answered_OneOfBothHolds(string status, string good, string bad)
    {
        var id = await AddAsync();
        var reply = await ChangeAsync(id, (charger, call) => charger.AnswerAsync(call, $$"""{"status":"{{status}}"}"""));
        Assert.Equal(good == After ? 200 : 409, reply.Status);

        await AssertRefusedAsync(id, bad);
        await using var charger = await ConnectAsync(id, good);
    }

    [Theory]
    [InlineData(Before, After)]
    [InlineData(After, Before)]
    public async Task RebootRequired_EitherHoldsUntilOneIsPresented(string presented, string other)
    {
        var id = await AddAsync();
        Assert.Equal(200, (await ChangeAsync(id, (charger, call) => charger.AnswerAsync(call, """{"status":"RebootRequired"}"""))).Status);

        await using (await ConnectAsync(id, presented))
        {
            await AssertRefusedAsync(id, other);
        }
    }

    [Fact]
    public async Task NotAnswered_AnotherPasswordIsSet_HoldsAlone()
    {
        var id = await AddAsync();
        await ChangeAsync(id, (charger, _) =>
        {
            charger.Cut();
            return Task.CompletedTask;
        });
        Assert.Equal(200, (await server.Http.SendAsync("PATCH", $"/api/v1/chargers/{id}", """{"password":"set-by-hand"}""")).Status);

        await AssertRefusedAsync(id, Before);
        await AssertRefusedAsync(id, After);
        await using var charger = await ConnectAsync(id, "set-by-hand");
    }

    [Theory]
    [InlineData(Before, After)]
    [InlineData(After, Before)]
    public async Task NotAnswered_EitherHoldsUntilOneIsPresented(string presented, string other)
    {
        var id = await AddAsync();
        var reply = await ChangeAsync(id, (charger, _) =>
        {
            charger.Cut();
            return Task.CompletedTask;
        });
        reply.AssertError(504, "COMMAND_TIMEOUT");

        await using (await ConnectAsync(id, presented))
        {
            await AssertRefusedAsync(id, other);
        }
    }

    [Fact]
    public async Task History_DoesNotShowIt()
    {
        var id = await AddAsync();
        var reply = await ChangeAsync(id, (charger, call) => charger.AnswerAsync(call, """{"status":"Accepted"}"""));

        Assert.DoesNotContain(After, reply.Body, StringComparison.Ordinal);
        var history = await server.Http.SendAsync("GET", $"/api/v1/chargers/{id}/commands");
        Assert.Equal("""{"key":"AuthorizationKey","value":"***"}""", Assert.Single(history.Json.GetProperty("commands").EnumerateArray()).GetProperty("request").GetRawText());
    }

    private async Task<string> AddAsync()
    {
        var id = ApiServer.NewChargeBoxId();
        Assert.Equal(201, (await server.Http.SendAsync("POST", "/api/v1/chargers", $$"""{"chargeBoxId":"{{id}}","password":"{{Before}}"}""")).Status);
        return id;
    }

    private async Task<Reply> ChangeAsync(string id, Func<FakeCharger, FakeCall, Task> answer)
    {
        await using var charger = await ConnectAsync(id, Before);
        await charger.CallAsync("Heartbeat");
        var asked = server.Http.SendAsync("POST", $"/api/v1/chargers/{id}/configuration/change", $$"""{"key":"AuthorizationKey","value":"{{After}}"}""");
        await answer(charger, await charger.NextCallAsync());
        return await asked;
    }

    private Task<FakeCharger> ConnectAsync(string id, string password) => FakeCharger.ConnectAsync($"{server.Capacitor.BaseAddress}ocpp", id, password);

    private async Task AssertRefusedAsync(string id, string password) =>
        Assert.Equal(401, (await Assert.ThrowsAsync<HandshakeRefusedException>(() => ConnectAsync(id, password))).Status);
}

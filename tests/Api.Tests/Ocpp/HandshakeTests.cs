using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Capacitor.Events;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.Api.Tests.Ocpp;

[Collection(EdgeCollection.Name)]
public sealed class HandshakeTests(EdgeFixture edge)
{
    private const string Password = "correct horse battery";

    [Theory]
    [InlineData("/ocpp/{0}")]
    [InlineData("/ocpp/{0}/")]
    [InlineData("//ocpp///{0}//")]
    [InlineData("/OCPP/{0}")]
    [InlineData("/ocpp/{0}?version=1.6")]
    public async Task Handshake_KnownCharger_IsLetInByAnyFormOfItsUrl(string target)
    {
        var id = await edge.AddChargerAsync();
        using var handshake = await SendAsync(string.Format(null, target, id));
        Assert.Equal(101, handshake.Status);
        Assert.Equal("ocpp1.6", handshake.Header("Sec-WebSocket-Protocol"));
        Assert.Equal("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", handshake.Header("Sec-WebSocket-Accept")); // RFC 6455 §1.3
    }

    [Fact]
    public async Task Handshake_EncodedId_IsDecodedOnce()
    {
        var id = await edge.AddChargerAsync("RDAM 123|A");
        using var once = await SendAsync("/ocpp/RDAM%20123%7CA");
        using var twice = await SendAsync("/ocpp/RDAM%2520123%257CA");
        Assert.Equal(101, once.Status);
        Assert.Equal(404, twice.Status);
        await edge.Grains.WaitForAsync(id, "AttachAsync");
    }

    [Fact]
    public async Task Handshake_IdInOtherCase_IsTheSameCharger()
    {
        var id = await edge.AddChargerAsync("Mixed-Case-1");
        await using var charger = await edge.ConnectAsync("MIXED-case-1");
        await charger.CallAsync("Heartbeat");
        Assert.Equal(id, (await edge.OnlyEventAsync(id, EventTypes.ChargerConnected)).GetProperty("chargeBoxId").GetString());
    }

    [Theory]
    [InlineData("/ocpp/nobody-knows-me")]
    [InlineData("/ocpp/")]
    [InlineData("/ocpp")]
    [InlineData("/ocpp/a/b")]
    [InlineData("/ocpp/a%2Fb")]
    [InlineData("/ocpp/%FF%FE")]
    [InlineData("/ocpp/way-too-long-for-an-id-way-too-long-for-an-id-way-too-long")]
    public async Task Handshake_NoSuchCharger_Is404(string target)
    {
        using var handshake = await SendAsync(target);
        AssertError(handshake, 404, "NOT_FOUND");
    }

    [Fact]
    public async Task Handshake_WithoutUpgrade_Is426()
    {
        using var handshake = await SendAsync("/ocpp/any", ("Upgrade", null), ("Connection", null), ("Sec-WebSocket-Key", null));
        AssertError(handshake, 426, "VALIDATION_ERROR");
        Assert.Equal("websocket", handshake.Header("Upgrade"));
    }

    [Theory]
    [InlineData("Upgrade", null, 400)]
    [InlineData("Sec-WebSocket-Key", null, 400)]
    [InlineData("Sec-WebSocket-Key", "c2hvcnQ=", 400)]
    [InlineData("Sec-WebSocket-Version", "8", 426)]
    public async Task Handshake_Broken_IsRefusedInWords(string header, string? value, int status)
    {
        using var handshake = await SendAsync($"/ocpp/{await edge.AddChargerAsync()}", (header, value));
        AssertError(handshake, status, "VALIDATION_ERROR");
    }

    [Fact]
    public async Task Handshake_RightPassword_IsLetIn()
    {
        var id = await edge.AddChargerAsync(password: Password);
        await using var charger = await FakeCharger.ConnectAsync(edge.Url, id, Password);
        Assert.False((await charger.CallAsync("Heartbeat")).IsError);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Basic !!!")]
    [InlineData("Basic")]
    [InlineData("Bearer abc")]
    [InlineData("Basic d3Jvbmc6d3Jvbmc=")]
    public async Task Handshake_WithoutRightPassword_Is401BeforeTheUpgrade(string? authorization)
    {
        var id = await edge.AddChargerAsync(password: Password);
        using var handshake = await SendAsync($"/ocpp/{id}", ("Authorization", authorization));
        AssertError(handshake, 401, "UNAUTHORIZED");
        Assert.StartsWith("Basic", handshake.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handshake_WrongPassword_Is401()
    {
        var id = await edge.AddChargerAsync(password: Password);
        var refused = await Assert.ThrowsAsync<HandshakeRefusedException>(() => FakeCharger.ConnectAsync(edge.Url, id, "wrong"));
        Assert.Equal(401, refused.Status);
    }

    [Fact]
    public async Task Handshake_RawBytesAsPassword_AreThePasswordInHex()
    {
        // OCPP-J 1.6 §6.2.1: a key of 20 bytes, in the header as they are.
        byte[] key = [0x00, 0x01, 0xFF, 0xFE, 0x80, .. Enumerable.Repeat((byte)0xC3, 15)];
        var id = await edge.AddChargerAsync(password: Convert.ToHexString(key));
        byte[] basic = [.. Encoding.ASCII.GetBytes(id + ":"), .. key];
        using var handshake = await SendAsync($"/ocpp/{id}", ("Authorization", "Basic " + Convert.ToBase64String(basic)));
        Assert.Equal(101, handshake.Status);
    }

    [Theory]
    [InlineData("ocpp1.6", "ocpp1.6")]
    [InlineData("ocpp2.0.1, ocpp1.6", "ocpp1.6")]
    [InlineData("ocpp2.1,ocpp2.0.1,ocpp1.6,ocpp1.5", "ocpp1.6")]
    [InlineData("OCPP1.6", "OCPP1.6")]
    public async Task Handshake_SupportedProtocolAmongOthers_IsEchoedAsOffered(string offered, string echoed)
    {
        using var handshake = await SendAsync($"/ocpp/{await edge.AddChargerAsync()}", ("Sec-WebSocket-Protocol", offered));
        Assert.Equal(101, handshake.Status);
        Assert.Equal(echoed, handshake.Header("Sec-WebSocket-Protocol"));
    }

    [Theory]
    [InlineData("ocpp2.0.1")]
    [InlineData("ocpp1.6j")]
    [InlineData(null)]
    public async Task Handshake_NoCommonProtocol_Is101WithoutTheHeaderThenCloses1002(string? offered)
    {
        var id = await edge.AddChargerAsync();
        using var handshake = await SendAsync($"/ocpp/{id}", ("Sec-WebSocket-Protocol", offered));
        Assert.Equal(101, handshake.Status);
        Assert.Null(handshake.Header("Sec-WebSocket-Protocol"));
        var (status, reason) = await ReadCloseAsync(handshake);
        Assert.Equal(WebSocketCloseStatus.ProtocolError, status);
        Assert.Contains("ocpp1.6", reason, StringComparison.Ordinal);
        Assert.Empty(await edge.EventsAsync(id, EventTypes.ChargerConnected));
    }

    [Fact]
    public async Task Handshake_NoProtocolButOneAssumed_StaysOpenWithoutTheHeader()
    {
        var id = await edge.AddChargerAsync(assumeProtocol: "ocpp1.6");
        await using var charger = await FakeCharger.ConnectAsync(edge.Url, id, protocols: []);
        Assert.Null(charger.SubProtocol);
        Assert.False((await charger.CallAsync("Heartbeat")).IsError);
    }

    [Fact]
    public async Task Handshake_WrongProtocolThoughOneIsAssumed_IsClosed()
    {
        var id = await edge.AddChargerAsync(assumeProtocol: "ocpp1.6");
        await using var charger = await FakeCharger.ConnectAsync(edge.Url, id, protocols: []);
        using var handshake = await SendAsync($"/ocpp/{id}", ("Sec-WebSocket-Protocol", "ocpp2.0.1"));
        Assert.Equal(WebSocketCloseStatus.ProtocolError, (await ReadCloseAsync(handshake)).Status);
        Assert.False((await charger.CallAsync("Heartbeat")).IsError);
    }

    [Fact]
    public async Task Handshake_UnknownChargerWhenAccepted_IsRegisteredWithTheDefaultTenant()
    {
        var open = await EdgeFixture.StartAsync(("Capacitor:UnknownChargers", "accept"));
        await using (open.Server)
        {
            await using var charger = await open.ConnectAsync("Walk-in");
            Assert.False((await charger.CallAsync("Heartbeat")).IsError);
            using var found = await open.Server.Http.GetAsync(new Uri("/api/v1/chargers/Walk-in", UriKind.Relative));
            Assert.True(found.IsSuccessStatusCode);
        }
    }

    internal static async Task<(WebSocketCloseStatus Status, string Reason)> ReadCloseAsync(FakeChargerHandshake connection)
    {
        var frame = await connection.ReadFrameAsync();
        Assert.Equal(0x88, frame!.Value.FirstByte);
        return ((WebSocketCloseStatus)((frame.Value.Payload[0] << 8) | frame.Value.Payload[1]), Encoding.UTF8.GetString(frame.Value.Payload.AsSpan(2)));
    }

    private Task<FakeChargerHandshake> SendAsync(string target, params (string Name, string? Value)[] headers) =>
        FakeChargerHandshake.SendAsync(edge.Server.BaseAddress, target, headers.ToDictionary(header => header.Name, header => header.Value));

    private static void AssertError(FakeChargerHandshake handshake, int status, string code)
    {
        Assert.Equal(status, handshake.Status);
        using var body = JsonDocument.Parse(handshake.Body);
        Assert.False(body.RootElement.GetProperty("success").GetBoolean());
        Assert.Equal(code, body.RootElement.GetProperty("error").GetProperty("code").GetString());
        Assert.NotEmpty(body.RootElement.GetProperty("error").GetProperty("message").GetString()!);
    }
}

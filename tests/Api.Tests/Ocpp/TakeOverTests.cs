using System.Net.WebSockets;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.Api.Tests.Ocpp;

[Collection(EdgeCollection.Name)]
public sealed class TakeOverTests(EdgeFixture edge)
{
    [Fact]
    public async Task TakeOver_OldSocketStillOpen_NewestWinsWithoutADisconnection()
    {
        var id = await edge.AddChargerAsync();
        await using var old = await edge.ConnectAsync(id);
        await old.CallAsync("Heartbeat");
        await using var current = await edge.ConnectAsync(id);
        await current.CallAsync("Heartbeat");

        Assert.Equal(WebSocketCloseStatus.NormalClosure, (await old.WaitForCloseAsync()).Status);
        Assert.False((await current.CallAsync("Heartbeat")).IsError);
        Assert.Equal([EventTypes.ChargerRegistered, EventTypes.ChargerConnected, EventTypes.ChargerConnected], await TypesAsync(id));
    }

    [Fact]
    public async Task TakeOver_OldSocketHangs_IsCutAndDisturbsNobody()
    {
        var id = await edge.AddChargerAsync();
        using var old = await FakeChargerHandshake.SendAsync(edge.Server.BaseAddress, $"/ocpp/{id}");
        await edge.Grains.WaitForAsync(id, "AttachAsync");
        await using var current = await edge.ConnectAsync(id);
        await edge.Grains.WaitForAsync(id, "AttachAsync");
        Assert.Equal(0x88, (await old.ReadFrameAsync())!.Value.FirstByte);
        await ReadEndAsync(old); // it never answers the close
        Assert.False((await current.CallAsync("Heartbeat")).IsError);
        Assert.DoesNotContain(EventTypes.ChargerDisconnected, await TypesAsync(id));
    }

    [Fact]
    public async Task TakeOver_FrameOfTheOldSocket_IsNotAnswered()
    {
        var id = await edge.AddChargerAsync();
        using var old = await FakeChargerHandshake.SendAsync(edge.Server.BaseAddress, $"/ocpp/{id}");
        await edge.Grains.WaitForAsync(id, "AttachAsync");
        await using var current = await edge.ConnectAsync(id);
        await current.CallAsync("Heartbeat");
        await old.SendFrameAsync(0x81, """[2,"x","BootNotification",{"chargePointVendor":"OLD","chargePointModel":"M"}]"""u8.ToArray());
        Assert.Equal(0x88, (await old.ReadFrameAsync())!.Value.FirstByte);
        await ReadEndAsync(old);
        Assert.Empty(await edge.EventsAsync(id, EventTypes.ChargerBoot));
    }

    [Fact]
    public async Task Commands_AfterATakeOver_GoToTheNewSocket()
    {
        var id = await edge.AddChargerAsync();
        await using var old = await edge.ConnectAsync(id);
        await old.CallAsync("Heartbeat");
        await using var current = await edge.ConnectAsync(id);
        await current.CallAsync("Heartbeat");
        using var body = new StringContent("""{"type":"Hard"}""", null, "application/json");
        var reset = edge.Server.Http.PostAsync(new Uri($"/api/v1/chargers/{id}/reset", UriKind.Relative), body);
        await current.AnswerAsync(await current.NextCallAsync(), """{"status":"Accepted"}""");
        using var answer = await reset;
        Assert.True(answer.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Close_ByTheCharger_IsADisconnection()
    {
        var id = await edge.AddChargerAsync();
        await using var charger = await edge.ConnectAsync(id);
        await charger.CallAsync("Heartbeat");
        await charger.CloseAsync();
        Assert.Equal(DisconnectReason.Closed, (await edge.Grains.WaitForAsync(id, "DetachAsync")).Arguments[1]);
        Assert.Equal("closed", (await edge.OnlyEventAsync(id, EventTypes.ChargerDisconnected)).GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Cut_ByTheNetwork_IsADisconnection()
    {
        var id = await edge.AddChargerAsync();
        await using var charger = await edge.ConnectAsync(id);
        await charger.CallAsync("Heartbeat");
        charger.Cut();
        await edge.Grains.WaitForAsync(id, "DetachAsync");
        Assert.Single(await edge.EventsAsync(id, EventTypes.ChargerDisconnected));
    }

    [Fact]
    public async Task Calls_WithTheCloseBehindThem_AreAnsweredFirst()
    {
        await using var charger = await edge.ConnectAsync();
        for (var i = 0; i < 5; i++)
        {
            await charger.SendRawAsync($$"""[2,"{{i}}","StatusNotification",{"connectorId":{{i}},"status":"Available","errorCode":"NoError"}]""");
        }

        await charger.CloseAsync();
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal($"{i}", (await charger.NextAnswerAsync()).MessageId);
        }
    }

    [Fact]
    public async Task Remove_ConnectedCharger_ClosesItsSocket()
    {
        var id = await edge.AddChargerAsync();
        await using var charger = await edge.ConnectAsync(id);
        await charger.CallAsync("Heartbeat");
        using var removed = await edge.Server.Http.DeleteAsync(new Uri($"/api/v1/chargers/{id}", UriKind.Relative));
        Assert.True(removed.IsSuccessStatusCode);
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, (await charger.WaitForCloseAsync()).Status);
        Assert.Equal("removed", (await edge.OnlyEventAsync(id, EventTypes.ChargerDisconnected)).GetProperty("reason").GetString());
    }

    private async Task<string[]> TypesAsync(string id) => [.. (await edge.EventsAsync(id)).Select(happened => happened.GetProperty("event").GetString()!)];

    private static async Task ReadEndAsync(FakeChargerHandshake connection)
    {
        try
        {
            Assert.Null(await connection.ReadFrameAsync());
        }
        catch (IOException)
        {
            // Reset rather than closed: cut either way.
        }
    }
}

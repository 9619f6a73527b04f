using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Threading.Channels;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.Cluster.Tests;

/// <summary>Chargers that are connected and do as they are told. Of themselves they say nothing that a test does not ask for.</summary>
internal sealed class ParkedChargers : IAsyncDisposable
{
    private const int AtOnce = 20;

    private readonly ConcurrentDictionary<string, FakeCharger> _sockets = new();
    private readonly ConcurrentDictionary<string, string> _commands = new();

    public IEnumerable<string> Ids => _sockets.Keys;

    /// <summary>Without a word.</summary>
    public Task ConnectAsync(ClusterNode api, IEnumerable<string> ids) => Parallel.ForEachAsync(
        ids, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (id, cancellation) =>
        {
            var socket = await FakeCharger.ConnectAsync(api.Run.OcppUrl, id);
            _sockets[id] = socket;
            _ = ObeyAsync(id, socket);
        });

    /// <summary>Every charger says something that changes nothing.</summary>
    public Task BeatAsync() => CallAllAsync("Heartbeat", "{}");

    /// <summary>Every charger says something that its grain must commit.</summary>
    public Task ReportAsync(string info) => CallAllAsync("StatusNotification", ChargerMessages.Status(1, "Available", info));

    /// <summary>Commands every charger once, all at the same time: each must get it, and nobody may fail.</summary>
    public async Task CommandAllAsync(ClusterNode api)
    {
        var failures = await Task.WhenAll(Ids.Select(async id =>
        {
            var tag = $"P-{id}";
            using var answer = await api.Http.PostAsJsonAsync($"/api/v1/chargers/{id}/remote-start", new { connectorId = 1, idTag = tag });
            var got = _commands.TryRemove(id, out var told) && told == tag;
            return answer.StatusCode == HttpStatusCode.Accepted && got ? null : $"{id}: {answer.StatusCode}, got: {got}, {await answer.Content.ReadAsStringAsync()}";
        }));
        Assert.Empty(failures.OfType<string>());
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_sockets.Values.Select(socket => socket.DisposeAsync().AsTask()));


    private Task CallAllAsync(string action, string payload) => Parallel.ForEachAsync(
        _sockets.Values, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (socket, _) => Assert.False((await socket.CallAsync(action, payload)).IsError));

    private async Task ObeyAsync(string id, FakeCharger socket)
    {
        try
        {
            await foreach (var command in socket.Calls.ReadAllAsync())
            {
                _commands[id] = command.Payload.GetProperty("idTag").GetString()!;
                await socket.AnswerAsync(command, """{"status":"Accepted"}""");
            }
        }
        catch (Exception gone) when (gone is IOException or WebSocketException or InvalidOperationException or ChannelClosedException)
        {
            // Nobody commands it any more.
        }
    }
}
